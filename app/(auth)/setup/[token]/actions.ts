"use server";

import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { firstAdministratorInput, setUpSchoolInput } from "@/lib/identity/schema";
import { createFirstAdministrator } from "@/lib/identity/setup/create-first-administrator";
import { setUpSchool } from "@/lib/identity/setup/set-up-school";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "@/lib/web/page/form-argument";
import { newPasswordError } from "@/lib/web/page/new-password-error";
import { webCall } from "@/lib/web/page/web-call";
import { setSessionCookies } from "@/lib/web/session/session";

/** What a step shows after it was sent: what was typed (never a password) and what to mend. */
export type SetupState = {
  values: Readonly<Record<string, string>>;
  errors: readonly { field?: string; message: string }[];
};

/** Names the school and goes on. A link that has ended shows the page that says so. */
export async function setUpSchoolAction(_before: SetupState, form: FormData): Promise<SetupState> {
  const { values, token } = typed(form);
  const input = setUpSchoolInput.safeParse({ ...values, token });
  if (!input.success) return { values, errors: await problemsOf(input.error) };
  const failed = await tried(token, async () => setUpSchool(webCall(await headers()), input.data));
  if (failed) return { values, errors: failed };
  redirect(`/setup/${encodeURIComponent(token)}/administrator`);
}

/** Makes the first administrator, signs them in, and goes on to the roster. */
export async function firstAdministratorAction(_before: SetupState, form: FormData): Promise<SetupState> {
  const { values, token } = typed(form);
  const password = formArgument(form).get("password");
  const input = firstAdministratorInput.safeParse({ ...values, token, password });
  if (!input.success) return { values, errors: await problemsOf(input.error) };
  const failed = await tried(token, async () =>
    setSessionCookies(await createFirstAdministrator(webCall(await headers()), input.data)),
  );
  if (failed) return { values, errors: failed };
  redirect("/admin/import?setup=1");
}

const KEPT = ["name", "timeZone", "locale", "givenName", "familyName", "email"];

function typed(form: FormData): { values: Record<string, string>; token: string } {
  const fields = formArgument(form);
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value.slice(0, 400) : "";
  };
  return { values: Object.fromEntries(KEPT.map((name) => [name, text(name)])), token: text("token") };
}

const FIELDS = ["name", "timeZone", "locale", "givenName", "familyName", "email", "password"] as const;
type Field = (typeof FIELDS)[number];
const isField = (name: unknown): name is Field => FIELDS.some((field) => field === name);

async function problemsOf(error: z.ZodError): Promise<SetupState["errors"]> {
  const t = await getTranslations("setup.problem");
  const wrong = new Set(error.issues.map(({ path }) => path[0]).filter(isField));
  return [...wrong].map((field) => ({ field, message: t(field) }));
}

/** Null when it worked. */
async function tried(token: string, work: () => Promise<void>): Promise<SetupState["errors"] | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "not_found") redirect(`/setup/${encodeURIComponent(token)}`);
    const t = await getTranslations("setup.problem");
    const code = error.errors?.[0]?.code;
    if (code === "emailTaken") return [{ field: "email", message: t("emailTaken") }];
    if (code === "schoolFirst") redirect(`/setup/${encodeURIComponent(token)}/school`);
    const { fieldId, message } = await newPasswordError(error);
    return [fieldId === undefined ? { message } : { field: fieldId, message }];
  }
}
