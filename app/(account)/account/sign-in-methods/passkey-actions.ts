"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { addPasskey, beginPasskey, type PasskeyOffer } from "@/lib/identity/passkeys/add-passkey";
import { removePasskey } from "@/lib/identity/passkeys/remove-passkey";
import { newPasskeyInput, passkeyInput } from "@/lib/identity/passkeys/schema";
import { action, proveFirst } from "@/lib/web/page/action";
import { keepChallenge, keptChallenge } from "@/lib/web/session/challenge-cookie";

const PAGE = "/account/sign-in-methods";
const begin = action({ name: "beginPasskey", roles: "signedIn", whileOverdue: true, input: z.object({}) }, (ctx) =>
  beginPasskey(ctx),
);
const add = action(
  { name: "addPasskey", roles: "signedIn", whileOverdue: true, input: newPasskeyInput },
  async (ctx, { response }) => addPasskey(ctx, { response, kept: await keptChallenge() }),
);
const remove = action(
  { name: "removePasskey", roles: "signedIn", whileOverdue: true, input: passkeyInput },
  removePasskey,
);

/** What the browser makes a passkey of; or why it cannot. Called by script: a browser without it has no passkeys. */
export async function beginPasskeyAction(): Promise<PasskeyOffer["options"] | "prove" | "failed"> {
  const outcome = await begin(new FormData());
  if (outcome.status !== "done")
    return outcome.status === "failed" && outcome.code === "proof_required" ? "prove" : "failed";
  const { options, kept, expiresAt } = outcome.data;
  await keepChallenge({ kept, expiresAt });
  return options;
}

/** Adds the passkey that the browser made. */
export async function addPasskeyAction(form: FormData): Promise<"done" | "failed"> {
  return (await add(form)).status === "done" ? "done" : "failed";
}

/** Removes one; a plain form. */
export async function removePasskeyAction(form: FormData): Promise<void> {
  const outcome = await remove(form);
  proveFirst(outcome, PAGE);
  redirect(`${PAGE}?result=${outcome.status === "done" ? "passkeyRemoved" : "passkeyFailed"}#passkeys`);
}
