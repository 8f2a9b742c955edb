"use server";

import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { requestPasswordReset } from "@/lib/identity/resets/request-reset";
import { forgotInput } from "@/lib/identity/schema";
import { accountMailUrl } from "@/lib/notification/channels/email/account-mail";
import { formArgument } from "@/lib/web/page/form-argument";
import { type FormError, newPasswordError } from "@/lib/web/page/new-password-error";
import { webCall } from "@/lib/web/page/web-call";
import { isCrossOrigin } from "@/lib/web/server/origin";

/** What the form shows after it was sent and something is to be mended. */
export type ForgotState = { email: string; errors: FormError[] };

/** Asks for the link and says the same whoever it is. */
export async function forgotAction(_before: ForgotState, form: FormData): Promise<ForgotState> {
  const t = await getTranslations("auth.forgot");
  const typed = formArgument(form).get("email");
  const email = typeof typed === "string" ? typed.slice(0, 320) : "";
  const input = forgotInput.safeParse({ email: typed });
  if (!input.success) return { email, errors: [{ fieldId: "email", message: t("emailMissing") }] };
  const incoming = await headers();
  if (isCrossOrigin(incoming) || accountMailUrl() === null) redirect("/forgot");
  try {
    await requestPasswordReset(webCall(incoming), input.data);
  } catch (error) {
    return { email, errors: [await newPasswordError(error)] };
  }
  redirect("/forgot?sent=1");
}
