"use server";

import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { beginSecondStep } from "@/lib/identity/factors/second-step";
import { demoAccounts } from "@/lib/identity/people/demo-accounts";
import { loginInput, type LoginInput } from "@/lib/identity/schema";
import { signIn } from "@/lib/identity/sessions/sign-in";
import { formArgument } from "@/lib/web/page/form-argument";
import { isCrossOrigin } from "@/lib/web/server/origin";
import { appErrorOf } from "@/lib/web/route/problem";
import { webCall } from "@/lib/web/page/web-call";
import { returnPath } from "@/lib/web/page/return-path";
import { keepSecondStep } from "@/lib/web/session/second-step-cookie";
import { setSessionCookies } from "@/lib/web/session/session";

/** What the form shows after it was sent: the email stays, the password never comes back. */
export type SignInState = { email: string; errors: { fieldId?: "email" | "password"; message: string }[] };

/** Signs in and goes to where the person came from, or tells what to mend. Works without script. */
export async function signInAction(_before: SignInState, form: FormData): Promise<SignInState> {
  const t = await getTranslations("auth.signIn");
  const fields = formArgument(form);
  const typed = fields.get("email");
  const email = typeof typed === "string" ? typed.slice(0, 320) : "";
  const input = loginInput.safeParse({ email: fields.get("email"), password: fields.get("password") });
  if (!input.success) {
    const wrong = new Set(input.error.issues.map((issue) => issue.path[0]));
    const errors: SignInState["errors"] = [];
    if (wrong.has("email")) errors.push({ fieldId: "email", message: t("emailMissing") });
    if (wrong.has("password")) errors.push({ fieldId: "password", message: t("passwordMissing") });
    return { email, errors };
  }
  const outcome = await trySignIn(input.data);
  const from = returnPath(fields.get("from")) ?? "/";
  // Who is on the way to a page, of an alert perhaps, is not held up.
  if (outcome === "initial" && from === "/") redirect("/first-password");
  if (outcome === "done" || outcome === "initial") redirect(from);
  if (typeof outcome === "object") return { email, errors: [{ message: t("tooMany", outcome) }] };
  if (outcome === "off") return { email, errors: [{ message: t("passwordsOff") }] };
  if (outcome === "secondStep") redirect(secondStepPath(from));
  if (outcome === "unavailable") return { email, errors: [{ message: t("unavailable") }] };
  return { email, errors: [{ fieldId: "email", message: t("wrong") }] };
}

/** Signs in with the demo account of a role; there is none unless this is a demo. */
export async function signInAsDemoAction(form: FormData): Promise<void> {
  const fields = formArgument(form);
  const account = (await demoAccounts()).find(({ role }) => role === fields.get("role"));
  const outcome = account ? await trySignIn(loginInput.parse(account)) : "wrong";
  if (outcome === "secondStep") redirect(secondStepPath(returnPath(fields.get("from")) ?? "/"));
  redirect(
    outcome === "done" || outcome === "initial" ? (returnPath(fields.get("from")) ?? "/") : "/login?demo=failed",
  );
}

type Outcome = "done" | "initial" | "secondStep" | "wrong" | "unavailable" | "off" | { minutes: number };

function secondStepPath(from: string): string {
  return `/login/second-step${from === "/" ? "" : `?from=${encodeURIComponent(from)}`}`;
}

async function trySignIn(input: LoginInput): Promise<Outcome> {
  const incoming = await headers();
  // Signing somebody in from another site, with an account of that site's choice, is an attack too.
  if (isCrossOrigin(incoming)) return "wrong";
  try {
    const ctx = webCall(incoming);
    const signedIn = await signIn(ctx, input, undefined, (owner) => beginSecondStep(owner));
    // The password was changed at this very moment.
    if (signedIn === null) return "wrong";
    if ("token" in signedIn) {
      await keepSecondStep(signedIn);
      return "secondStep";
    }
    await setSessionCookies(signedIn.tokens);
    return signedIn.hasInitialPassword ? "initial" : "done";
  } catch (thrown) {
    const { code, retryAfterSeconds = 60 } = appErrorOf(thrown);
    if (code === "password_sign_in_off") return "off";
    if (code === "too_many_attempts") return { minutes: Math.ceil(retryAfterSeconds / 60) };
    if (code === "internal") throw thrown;
    return code === "unavailable" ? "unavailable" : "wrong";
  }
}
