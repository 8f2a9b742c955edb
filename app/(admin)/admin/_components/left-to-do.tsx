import { getTranslations } from "next-intl/server";
import { SectionHeader } from "@/components/patterns/page-header";
import { TextLink } from "@/components/ui/text-link";
import type { LeftToDo as Left } from "@/lib/identity/setup/left-to-do";

/** What a school that is being set up has still to do; nothing once it is done. */
export async function LeftToDo({ awaitsRoster, uninvited }: Left) {
  if (!awaitsRoster && uninvited === 0) return null;
  const t = await getTranslations("admin.overview");
  return (
    <section aria-labelledby="left" className="rounded-lg border border-border bg-surface p-4">
      <SectionHeader id="left" title={t("left")} />
      <ul className="grid gap-2">
        {awaitsRoster ? (
          <li>
            <TextLink href="/admin/import">{t("leftRoster")}</TextLink>
          </li>
        ) : null}
        {uninvited > 0 ? (
          <li>
            <TextLink href="/admin/invitations">{t("leftInvitations", { count: uninvited })}</TextLink>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
