import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { Disclosure } from "@/components/ui/disclosure";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PersonDto } from "@/lib/identity/office/person";
import { endAccountAction, reopenAccountAction } from "../actions";
import { Answer } from "./answer";

/** Ending an account, and opening it again. Nobody ends their own. */
export function AccountPart({ person, answer }: { person: PersonDto; answer: string | null }) {
  const t = useTranslations("people.person");
  const { id, name, state, isSelf } = person;
  if (isSelf) return null;
  if (state === "left") return <p className="text-muted">{t("leftBody")}</p>;
  const isEnded = state === "ended";
  return (
    <section aria-labelledby="account" className="scroll-mt-8">
      <SectionHeader id="account" title={t(isEnded ? "reopenTitle" : "endTitle")} />
      <Answer answer={answer} />
      {isEnded ? (
        <form action={reopenAccountAction} className="grid gap-3">
          <p className="text-muted">{t("reopenBody", { name })}</p>
          <input type="hidden" name="personId" value={id} />
          <SubmitButton pendingLabel={t("opening")} className="justify-self-start">
            {t("reopen")}
          </SubmitButton>
        </form>
      ) : (
        <Disclosure summary={t("endSummary")}>
          <p className="mb-3">{t("endBody", { name })}</p>
          <form action={endAccountAction}>
            <input type="hidden" name="personId" value={id} />
            <SubmitButton variant="danger" pendingLabel={t("ending")}>
              {t("end", { name })}
            </SubmitButton>
          </form>
        </Disclosure>
      )}
    </section>
  );
}
