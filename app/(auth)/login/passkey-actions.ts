"use server";

import { headers } from "next/headers";
import { askForPasskey, type PasskeyQuestion, signInWithPasskey } from "@/lib/identity/passkeys/sign-in-with-passkey";
import { passkeyAnswerInput } from "@/lib/identity/passkeys/schema";
import { formArgument } from "@/lib/web/page/form-argument";
import { returnPath } from "@/lib/web/page/return-path";
import { webCall } from "@/lib/web/page/web-call";
import { appErrorOf } from "@/lib/web/route/problem";
import { isCrossOrigin } from "@/lib/web/server/origin";
import { keepChallenge, keptChallenge } from "@/lib/web/session/challenge-cookie";
import { setSessionCookies } from "@/lib/web/session/session";

/** What the browser asks its passkeys. Called by script: a browser without it has none. */
export async function askForPasskeyAction(): Promise<PasskeyQuestion["options"]> {
  const { options, kept, expiresAt } = await askForPasskey(new Date());
  await keepChallenge({ kept, expiresAt });
  return options;
}

/** Signs in with what a passkey answered, and says where to go; null when it was not right. */
export async function signInWithPasskeyAction(form: FormData): Promise<string | null> {
  const [incoming, fields] = [await headers(), formArgument(form)];
  const input = passkeyAnswerInput.safeParse({ response: fields.get("response") });
  if (!input.success || isCrossOrigin(incoming)) return null;
  try {
    const answer = { response: input.data.response, kept: await keptChallenge() };
    await setSessionCookies(await signInWithPasskey(webCall(incoming), answer));
  } catch (thrown) {
    if (appErrorOf(thrown).code === "internal") throw thrown;
    return null;
  }
  return returnPath(fields.get("from")) ?? "/";
}
