"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { confirmEmailChange } from "@/lib/identity/account/email-changes";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { webCall } from "@/lib/web/page/web-call";

/** Makes the address of a link the person's. A link that has ended shows the page again, which says so. */
export async function confirmEmailAction(form: FormData): Promise<void> {
  const token = String(formArgument(form).get("token") ?? "");
  const path = `/confirm-email/${encodeURIComponent(token)}`;
  try {
    await confirmEmailChange(webCall(await headers()), { token });
  } catch (error) {
    if (error instanceof AppError && ["not_found", "account_state"].includes(error.code)) redirect(path);
    throw error;
  }
  redirect(`${path}?done=1`);
}
