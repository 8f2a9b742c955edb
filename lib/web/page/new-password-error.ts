import { getTranslations } from "next-intl/server";
import { refusedPassword } from "@/lib/identity/credentials/new-password";
import { appErrorOf } from "../route/problem";

/** A line of a form's errors; `fieldId` is the id of the field that it is about. */
export type FormError = { fieldId?: string; message: string };

/**
 * What the form of a new password says of an error, in the reader's language: why the password was refused, how long to
 * wait, or that it does not work right now. Defects are thrown on.
 */
export async function newPasswordError(thrown: unknown): Promise<FormError> {
  const error = appErrorOf(thrown);
  if (error.code === "internal") throw thrown;
  const t = await getTranslations("auth.newPassword");
  const refused = refusedPassword(error);
  if (refused) return { fieldId: refused.field, message: t(refused.why, { ...refused.values }) };
  const minutes = Math.ceil((error.retryAfterSeconds ?? 60) / 60);
  if (error.code === "too_many_attempts") return { message: t("tooMany", { minutes }) };
  return { message: t("unavailable") };
}
