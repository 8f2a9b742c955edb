import { startAuthentication } from "@simplewebauthn/browser";
import { askForPasskeyAction, signInWithPasskeyAction } from "../passkey-actions";

/** Asks the passkeys of this device; where to go then, or null. Throws when that was cancelled. */
export async function askPasskey(from: string | null, useBrowserAutofill: boolean): Promise<string | null> {
  const form = new FormData();
  const optionsJSON = await askForPasskeyAction();
  form.set("response", JSON.stringify(await startAuthentication({ optionsJSON, useBrowserAutofill })));
  if (from !== null) form.set("from", from);
  const to = await signInWithPasskeyAction(form);
  if (to !== null) localStorage.setItem("campus:passkey", "1");
  return to;
}
