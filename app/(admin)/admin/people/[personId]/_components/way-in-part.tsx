import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import type { PersonDto } from "@/lib/identity/office/person";
import { WayInForm } from "../../_components/way-in-form";
import { letInAction } from "../actions";

/** For who stands at the desk and cannot sign in. */
export function WayInPart({ person, school }: { person: PersonDto; school: string }) {
  const t = useTranslations("people.person");
  const { id, state, hasPassword, roles } = person;
  if (person.isSelf || roles.length === 0 || (state !== "open" && state !== "waiting")) return null;
  return (
    <section aria-labelledby="way-in">
      <SectionHeader id="way-in" title={t("wayInTitle")} />
      <p className="mb-4 text-muted">{t(hasPassword ? "wayInAgain" : "wayInFirst")}</p>
      <WayInForm
        action={letInAction}
        personId={id}
        school={school}
        words={{
          submit: t(hasPassword ? "makeAgain" : "makeFirst"),
          submitting: t("making"),
          once: t("shownOnce"),
          openInvitation: t("openInvitation"),
          openReset: t("openReset"),
          print: t("print"),
        }}
      />
    </section>
  );
}
