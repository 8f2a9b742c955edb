"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { unsubscribe } from "@/lib/notification/channels/email/unsubscribe/unsubscribe";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { webCall } from "@/lib/web/page/web-call";

/** Ends the mails of the link that the form stands under. */
export async function unsubscribeAction(form: FormData): Promise<void> {
  const token = String(formArgument(form).get("token") ?? "");
  const path = `/unsubscribe/${encodeURIComponent(token)}`;
  try {
    await unsubscribe(webCall(await headers()), { token });
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") redirect(path);
    throw error;
  }
  redirect(`${path}?done=1`);
}
