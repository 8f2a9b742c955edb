import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import Link from "next/link";
import { SetupSteps } from "@/app/_setup/setup-steps";
import { DataTable } from "@/components/patterns/data-table";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { MAX_UPLOAD_BYTES } from "@/lib/roster/office/upload-limit";
import { ownImports } from "@/lib/roster/office/own-imports";
import { getMe } from "@/lib/identity/people/get-me";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { clockWords, dateWords } from "@/messages/dates";
import { UploadForm } from "./_components/upload-form";
import { uploadAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("rosterImport"))("metaTitle") };
}

const MIB = 1024 * 1024;

/** Choose the school's files; and what was imported before. */
export default async function ImportPage({ searchParams }: PageInput) {
  const ctx = await pageContext("/admin/import", ["ADMIN"]);
  const [t, locale, imports, { school }, query] = await Promise.all([
    getTranslations("rosterImport"),
    getLocale(),
    ownImports(ctx),
    getMe(ctx),
    searchParams,
  ]);
  const isSetup = query["setup"] === "1";
  const day = { day: "numeric", month: "short", timeZone: school.timeZone } as const;
  return (
    <>
      {isSetup ? (
        <div className="mb-4">
          <SetupSteps current={2} />
        </div>
      ) : null}
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          isSetup ? (
            <LinkButton href="/admin">{t("skip")}</LinkButton>
          ) : (
            <LinkButton href="/admin/invitations">{t("invitations")}</LinkButton>
          )
        }
      />
      <div className="grid max-w-reading gap-10">
        {query["problem"] === "file" ? (
          <Alert tone="error" role="alert">
            {t("problem.file")}
          </Alert>
        ) : null}
        <UploadForm
          action={uploadAction}
          isSetup={isSetup}
          maxBytes={MAX_UPLOAD_BYTES}
          words={{
            label: t("file"),
            hint: t("fileHint", { most: MAX_UPLOAD_BYTES / MIB }),
            submit: t("check"),
            sending: t("sending"),
            progress: t("sendingProgress"),
            none: t("problem.none"),
            tooLarge: t("problem.tooLarge", { most: MAX_UPLOAD_BYTES / MIB }),
            offline: t("problem.offline"),
            failed: t("problem.file"),
            errorSummary: t("problem.title"),
          }}
        />
        {/* No landmark of its own: the table below is a region with the same name. */}
        <div className="min-w-0">
          <SectionHeader id="earlier" title={t("earlier")} />
          <DataTable
            caption={t("earlier")}
            rows={imports}
            rowKey={({ id }) => id}
            density="compact"
            empty={
              <EmptyState bare title={t("emptyTitle")}>
                {t("emptyBody")}
              </EmptyState>
            }
            columns={[
              {
                key: "at",
                header: t("when"),
                primary: true,
                cell: ({ id, createdAt }) => (
                  <Link href={`/admin/import/${id}`} prefetch={false} className="underline">
                    {dateWords(createdAt, locale, day)}, {clockWords(createdAt, locale, school.timeZone)}
                  </Link>
                ),
              },
              { key: "kind", header: t("kind"), cell: ({ dryRun }) => t(dryRun ? "preview" : "import") },
              { key: "status", header: t("outcome"), cell: ({ status }) => t(`status.${status}`) },
            ]}
          />
        </div>
      </div>
    </>
  );
}
