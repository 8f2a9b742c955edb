import { getTranslations } from "next-intl/server";
import type { NewPasswordLabels } from "@/components/identity/new-password-form";
import { passwordRulesOf } from "@/lib/identity/credentials/new-password";

/** The words of a form in which this person chooses a password, with the length that theirs needs. */
export async function newPasswordLabels(
  userId: string,
  button: Pick<NewPasswordLabels, "submit" | "submitting">,
): Promise<NewPasswordLabels> {
  const [t, ui, { least }] = await Promise.all([
    getTranslations("auth.newPassword"),
    getTranslations("ui"),
    passwordRulesOf(userId),
  ]);
  return {
    password: t("label"),
    hint: t("hint", { least }),
    show: ui("showPassword"),
    hide: ui("hidePassword"),
    errorSummary: ui("errorSummaryTitle"),
    ...button,
  };
}
