import { useTranslations } from "next-intl";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Checkbox, Fieldset } from "@/components/ui/choice";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { MAX_FACTOR_GRACE_DAYS as most } from "@/lib/identity/schema";
import { ROLES, type Role } from "@/lib/shared/context";
import { saveFactorRuleAction } from "../actions";

type Search = string | string[] | undefined;

/** Who must have a second factor, and how many days they have to set it up. */
export function FactorRuleForm({
  roles,
  days,
  result,
  typed,
}: {
  roles: readonly Role[];
  days: number;
  result?: Search;
  typed?: Search;
}) {
  const [t, ui] = [useTranslations("admin.settings"), useTranslations("ui")];
  const isInvalid = result === "invalid";
  return (
    <section aria-labelledby="factors" className="scroll-mt-8">
      <SectionHeader id="factors" title={t("factorsTitle")} />
      <p className="mb-4 text-muted">{t("factorsBody")}</p>
      {result === "saved" || result === "failed" ? (
        <Alert
          tone={result === "saved" ? "success" : "error"}
          role={result === "saved" ? "status" : "alert"}
          className="mb-4"
        >
          {t(result === "saved" ? "factorsSaved" : "failed")}
        </Alert>
      ) : null}
      <form action={saveFactorRuleAction} className="grid gap-6">
        <Fieldset id="factor-roles" legend={t("factorRoles")}>
          {ROLES.map((role) => (
            <Checkbox
              key={role}
              name="factorRoles"
              value={role}
              label={ui(`role.${role}`)}
              defaultChecked={roles.includes(role)}
            />
          ))}
        </Fieldset>
        <TextField
          name="factorGraceDays"
          label={t("factorDays")}
          hint={t("factorDaysHint", { most })}
          error={isInvalid ? t("factorDaysInvalid", { most }) : undefined}
          inputMode="numeric"
          autoComplete="off"
          autoFocus={isInvalid}
          defaultValue={isInvalid && typeof typed === "string" ? typed : days}
        />
        <SubmitButton className="justify-self-start">{t("factorsSave")}</SubmitButton>
      </form>
    </section>
  );
}
