import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SetupSteps } from "@/app/_setup/setup-steps";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { ownImport } from "@/lib/roster/office/own-imports";
import type { ImportState } from "@/lib/roster/job/read-imports";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import { ImportReport } from "../_components/import-report";
import { ImportWatch } from "../_components/import-watch";
import { Problems } from "../_components/problems";
import { StartImport } from "../_components/start-import";
import { cancelAction } from "../actions";

type Props = {
  params: Promise<{ importId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("rosterImport"))("one.metaTitle") };
}

/** One import: how far it is, what it would change or has changed, or why nothing was imported. */
export default async function OneImportPage({ params, searchParams }: Props) {
  const [{ importId }, query] = await Promise.all([params, searchParams]);
  const ctx = await pageContext(`/admin/import/${importId}`, ["ADMIN"]);
  const [t, state] = await Promise.all([
    getTranslations("rosterImport"),
    ownImport(ctx, { id: importId }).catch(orNotFound),
  ]);
  const isSetup = query["setup"] === "1";
  return (
    <>
      {isSetup ? (
        <div className="mb-4">
          <SetupSteps current={2} />
        </div>
      ) : null}
      <PageHeader
        breadcrumbs={[{ href: isSetup ? "/admin/import?setup=1" : "/admin/import", label: t("title") }]}
        title={t(`one.title.${titleOf(state)}`)}
        description={t(`one.about.${titleOf(state)}`)}
      />
      <div className="grid max-w-reading gap-8">
        {query["problem"] === "gone" ? (
          <Alert tone="error" role="alert">
            {t("problem.gone")}
          </Alert>
        ) : null}
        <Body state={state} isSetup={isSetup} isEndsWrong={query["problem"] === "ends"} />
      </div>
    </>
  );
}

type Shown = "open" | "preview" | "imported" | "REFUSED" | "FAILED" | "CANCELLED";

function titleOf({ status, dryRun }: ImportState): Shown {
  if (status === "DONE") return dryRun ? "preview" : "imported";
  return status === "STORING" || status === "QUEUED" || status === "RUNNING" ? "open" : status;
}

async function Body({ state, isSetup, isEndsWrong }: { state: ImportState; isSetup: boolean; isEndsWrong: boolean }) {
  const t = await getTranslations("rosterImport");
  const setup = isSetup ? "?setup=1" : "";
  const again = <LinkButton href={`/admin/import${setup}`}>{t("another")}</LinkButton>;
  const { result, id, phase, status, done, total } = state;
  if (!result && status !== "CANCELLED")
    return (
      <>
        <ImportWatch
          key={id}
          id={id}
          before={{ phase, status, done, total }}
          label={t("progress")}
          words={{
            WAITING: t("phase.WAITING"),
            STORE: t("phase.STORE"),
            READ: t("phase.READ"),
            COMPARE: t("phase.COMPARE"),
            WRITE: t("phase.WRITE"),
          }}
        />
        <form action={cancelAction}>
          <input type="hidden" name="id" value={id} />
          {isSetup ? <input type="hidden" name="setup" value="1" /> : null}
          <Button type="submit">{t("cancel")}</Button>
        </form>
      </>
    );
  if (!result || result.status === "FAILED") return <p>{again}</p>;
  if (result.status === "REFUSED")
    return (
      <>
        <Problems title={t("errors", { count: result.refusal.errorCount })} problems={result.refusal.errors} />
        <p>{again}</p>
      </>
    );
  return (
    <>
      {state.canFollow ? (
        <StartImport id={id} report={result.report} isSetup={isSetup} isEndsWrong={isEndsWrong} />
      ) : (
        <div className="flex flex-wrap gap-2">
          {state.followedById ? (
            <LinkButton href={`/admin/import/${state.followedById}${setup}`}>{t("toImport")}</LinkButton>
          ) : state.dryRun ? (
            again
          ) : (
            <LinkButton href={`/admin/invitations${setup}`} variant="primary">
              {t("toInvitations")}
            </LinkButton>
          )}
        </div>
      )}
      <ImportReport report={result.report} />
    </>
  );
}
