import { getTranslations } from "next-intl/server";
import type { NewPasswordLabels } from "@/components/identity/new-password-form";
import { WEAKNESSES } from "@/components/identity/strength/weakness";
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
    least,
    strength: {
      ...mapped(WEAKNESSES, (weakness) => t(`strength.${weakness}`)),
      length: t("strength.length", { count: "{count}", least: "{least}" }),
    },
    ...button,
  };
}

function mapped<K extends string>(keys: readonly K[], words: (key: K) => string): Record<K, string> {
  return Object.fromEntries(keys.map((key) => [key, words(key)])) as Record<K, string>;
}
