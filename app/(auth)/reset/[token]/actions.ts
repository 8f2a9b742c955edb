"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import { resetPassword } from "@/lib/identity/resets/password-resets";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { newPasswordError } from "@/lib/web/page/new-password-error";
import { webCall } from "@/lib/web/page/web-call";
import { clearSessionCookies, rememberBrowser } from "@/lib/web/session/session";

/** Sets the new password and leads to the sign-in page. A link that has ended shows the page again, which says so. */
export async function resetPasswordAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const fields = formArgument(form);
  const token = String(fields.get("token") ?? "");
  const password = String(fields.get("password") ?? "");
  try {
    const { userId } = await resetPassword(webCall(await headers()), { token, password });
    await rememberBrowser(userId);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") redirect(`/reset/${encodeURIComponent(token)}`);
    return { errors: [await newPasswordError(error)] };
  }
  await clearSessionCookies();
  redirect("/login?reset=1");
}
