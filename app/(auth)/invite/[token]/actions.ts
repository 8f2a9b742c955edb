"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import { acceptInvitation } from "@/lib/identity/invitations/invitations";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { newPasswordError } from "@/lib/web/page/new-password-error";
import { webCall } from "@/lib/web/page/web-call";
import { setSessionCookies } from "@/lib/web/session/session";

/** Sets the first password and signs in. A link that has ended shows the page again, which says so. */
export async function acceptInvitationAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const fields = formArgument(form);
  const token = String(fields.get("token") ?? "");
  const password = String(fields.get("password") ?? "");
  let isIn: boolean;
  try {
    const tokens = await acceptInvitation(webCall(await headers()), { token, password });
    if (tokens) await setSessionCookies(tokens);
    isIn = tokens !== null;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") redirect(`/invite/${encodeURIComponent(token)}`);
    return { errors: [await newPasswordError(error)] };
  }
  redirect(isIn ? "/" : "/login?reset=1");
}
