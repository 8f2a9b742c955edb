import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { Disclosure } from "@/components/ui/disclosure";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PersonDto } from "@/lib/identity/office/person";
import { resetSecondFactorAction } from "../actions";
import { Answer } from "./answer";

/** For who has lost their phone and their recovery codes. Nobody takes their own here. */
export function SecondFactorPart({ person, answer }: { person: PersonDto; answer: string | null }) {
  const t = useTranslations("people.person");
  if (person.isSelf || (!person.hasSecondFactor && answer === null)) return null;
  return (
    <section aria-labelledby="factor" className="scroll-mt-8">
      <SectionHeader id="factor" title={t("factorTitle")} />
      <Answer answer={answer} />
      {person.hasSecondFactor ? (
        <Disclosure summary={t("factorSummary")}>
          <p className="mb-3">{t("factorBody", { name: person.name })}</p>
          <form action={resetSecondFactorAction}>
            <input type="hidden" name="personId" value={person.id} />
            <SubmitButton variant="danger" pendingLabel={t("resetting")}>
              {t("reset", { name: person.name })}
            </SubmitButton>
          </form>
        </Disclosure>
      ) : null}
    </section>
  );
}
