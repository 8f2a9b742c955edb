"use server";

import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { acceptInvitation } from "@/lib/identity/invitations/invitations";
import type { PasswordProblem } from "@/lib/identity/credentials/password-policy";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { webCall } from "@/lib/web/page/web-call";
import { setSessionCookies } from "@/lib/web/session/session";

export type InviteState = { error: string | null };

const problems: readonly PasswordProblem[] = ["tooShort", "tooLong", "tooCommon"];

/** Sets the first password and signs in. A link that has ended shows the page again, which says so. */
export async function acceptInvitationAction(_before: InviteState, form: FormData): Promise<InviteState> {
  const t = await getTranslations("auth.invite");
  const fields = formArgument(form);
  const token = fields.get("token");
  const password = fields.get("password");
  if (typeof token !== "string" || typeof password !== "string") return { error: t("tooShort") };
  try {
    const incoming = await headers();
    await setSessionCookies(await acceptInvitation(webCall(incoming), { token, password }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = problems.find((code) => code === error.errors?.[0]?.code);
    if (problem) return { error: t(problem) };
    if (error.code !== "not_found") return { error: t("unavailable") };
    redirect(`/invite/${encodeURIComponent(token)}`);
  }
  redirect("/");
}
