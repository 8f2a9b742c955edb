import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { Checkbox, Fieldset } from "@/components/ui/choice";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PersonDto } from "@/lib/identity/office/person";
import { ROLES } from "@/lib/shared/context";
import { changeRolesAction } from "../actions";
import { Answer } from "./answer";

/** What a person may do. Roles of a roster are shown and stay. */
export function RolesPart({ person, answer }: { person: PersonDto; answer: string | null }) {
  const [t, ui] = [useTranslations("people.person"), useTranslations("ui")];
  if (person.state === "left") return null;
  return (
    <section aria-labelledby="roles" className="scroll-mt-8">
      <SectionHeader id="roles" title={t("rolesTitle")} />
      <Answer answer={answer} />
      {person.isSelf ? (
        <p className="text-muted">{t("ownRoles")}</p>
      ) : (
        <form action={changeRolesAction} className="grid gap-4">
          <input type="hidden" name="personId" value={person.id} />
          <Fieldset id="person-roles" legend={t("rolesTitle")} hideLegend hint={t("rolesBody")}>
            {ROLES.map((role) => {
              const isOfRoster = person.rosterRoles.includes(role);
              return (
                <Checkbox
                  key={role}
                  name="roles"
                  value={role}
                  label={ui(`role.${role}`)}
                  hint={isOfRoster ? t("ofRoster") : undefined}
                  defaultChecked={person.roles.includes(role)}
                  disabled={isOfRoster}
                />
              );
            })}
          </Fieldset>
          <SubmitButton variant="secondary" pendingLabel={t("saving")} className="justify-self-start">
            {t("saveRoles")}
          </SubmitButton>
        </form>
      )}
    </section>
  );
}
