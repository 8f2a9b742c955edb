"use server";

import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { z } from "zod";
import {
  beginAuthenticator,
  confirmAuthenticator,
  renewRecoveryCodes,
  turnOffAuthenticator,
} from "@/lib/identity/factors/authenticator";
import { action, type ActionState, proveFirst } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

/** New recovery codes, which are in this answer and nowhere else, or what to mend. */
export type CodesState = { codes: string[] | null; error: { fieldId?: "code"; message: string } | null };

const PAGE = "/account/sign-in-methods";
const nothing = z.object({});
const begin = action({ name: "beginAuthenticator", roles: "signedIn", whileOverdue: true, input: nothing }, (ctx) =>
  beginAuthenticator(ctx),
);
const confirm = action(
  {
    name: "confirmAuthenticator",
    roles: "signedIn",
    whileOverdue: true,
    input: z.object({ code: z.string().max(100) }),
  },
  (ctx, input) => confirmAuthenticator(ctx, input),
);
const renew = action({ name: "renewRecoveryCodes", roles: "signedIn", whileOverdue: true, input: nothing }, (ctx) =>
  renewRecoveryCodes(ctx),
);
const turnOff = action({ name: "turnOffAuthenticator", roles: "signedIn", whileOverdue: true, input: nothing }, (ctx) =>
  turnOffAuthenticator(ctx),
);

/** Begins to turn the authenticator on: the page then shows the secret. */
export async function beginAction(form: FormData): Promise<void> {
  const outcome = await begin(form);
  proveFirst(outcome, PAGE);
  redirect(outcome.status === "done" ? `${PAGE}?result=begun#authenticator` : `${PAGE}?result=failed#authenticator`);
}

/** Turns it off, or drops one that was being turned on. */
export async function turnOffAction(form: FormData): Promise<void> {
  const wasOn = formArgument(form).get("was") === "on";
  const outcome = await turnOff(form);
  proveFirst(outcome, PAGE);
  const done = wasOn ? "off" : "dropped";
  redirect(`${PAGE}?result=${outcome.status === "done" ? done : "failed"}#authenticator`);
}

/** Confirms with the code that was typed, or makes recovery codes anew: either shows the codes, this once. */
export async function codesAction(_before: CodesState, form: FormData): Promise<CodesState> {
  const isConfirming = formArgument(form).has("code");
  const outcome = isConfirming ? await confirm(form) : await renew(form);
  proveFirst(outcome, PAGE);
  if (outcome.status === "done") return { codes: outcome.data, error: null };
  return { codes: null, error: await errorOf(outcome) };
}

async function errorOf(outcome: ActionState<unknown>): Promise<CodesState["error"]> {
  const t = await getTranslations("factors");
  const code = outcome.status === "failed" ? outcome.code : null;
  if (code === "invalid_request") return { fieldId: "code", message: t("codeWrong") };
  return { message: t(code === "too_many_attempts" ? "tooMany" : "failed") };
}
