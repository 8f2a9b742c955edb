import { z } from "zod";

const base64url = z
  .string()
  .max(8_192)
  .regex(/^[\w-]*$/);
const response = z
  .string()
  .max(20_000)
  .transform((text, issue): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issue.addIssue("not JSON");
      return z.NEVER;
    }
  });
const credential = {
  id: base64url,
  rawId: base64url,
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}),
};

/** What a browser answers for a new passkey (RegistrationResponseJSON of WebAuthn Level 3), as a field of a form. */
export const newPasskeyInput = z.object({
  response: response.pipe(
    z.object({ ...credential, response: z.object({ clientDataJSON: base64url, attestationObject: base64url }) }),
  ),
});
export type NewPasskeyInput = z.output<typeof newPasskeyInput>;

/** What it answers for signing in (AuthenticationResponseJSON). */
export const passkeyAnswerInput = z.object({
  response: response.pipe(
    z.object({
      ...credential,
      response: z.object({
        clientDataJSON: base64url,
        authenticatorData: base64url,
        signature: base64url,
        userHandle: base64url.optional(),
      }),
    }),
  ),
});
export type PasskeyAnswerInput = z.output<typeof passkeyAnswerInput>;

/** A passkey of the actor. */
export const passkeyInput = z.object({ id: base64url.min(1) });
