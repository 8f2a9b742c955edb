import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { newChallenge, spendChallenge } from "./challenges";
import { relyingParty } from "./relying-party";
import type { PasskeyAnswerInput } from "./schema";

/** What a browser needs to sign in with a passkey, and the proof of the challenge, which it keeps in a cookie. */
export type PasskeyQuestion = { options: PublicKeyCredentialRequestOptionsJSON; kept: string; expiresAt: Date };

/** Asks for any passkey of this site: who it is, the passkey says. The same for everybody. */
export async function askForPasskey(now: Date): Promise<PasskeyQuestion> {
  const { bytes, kept, expiresAt } = newChallenge("sign-in", now);
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().id,
    challenge: bytes,
    userVerification: "required",
  });
  return { options, kept, expiresAt };
}

type Known = {
  userId: string;
  schoolId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: bigint;
};

/**
 * Opens a session for whom a passkey stands; it is both factors, because the device has asked for finger, face or PIN. A counter
 * that does not go on is a copy and is refused. Every refusal is `invalid_credentials`.
 */
export async function signInWithPasskey(
  call: Omit<Context, "actor">,
  { kept, response }: PasskeyAnswerInput & { kept: string },
  client: Db = db(),
): Promise<SessionTokens> {
  const refused = () => new AppError("invalid_credentials", { detail: say("detail.passkeyNotRight") });
  const challenge = await spendChallenge(client, kept, "sign-in", call.now);
  if (challenge === null) throw refused();
  const [known] = await client.$queryRaw<Known[]>`
    SELECT u.id AS "userId", u.school_id AS "schoolId", p.public_key AS "publicKey", p.counter
    FROM passkey p JOIN app_user u ON u.id = p.user_id WHERE p.id = ${response.id} AND u.active`;
  const handle = response.response.userHandle;
  if (!known || (handle !== undefined && handle !== Buffer.from(known.userId).toString("base64url"))) throw refused();
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const { userHandle: _, ...signed } = response.response;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...response, response: signed },
    expectedChallenge: challenge,
    expectedOrigin,
    expectedRPID,
    requireUserVerification: true,
    credential: { id: response.id, publicKey: new Uint8Array(known.publicKey), counter: Number(known.counter) },
  }).catch(() => {
    throw refused();
  });
  if (!verified) throw refused();
  const { userId, schoolId } = known;
  return transaction(async (tx) => {
    const opened = await openSession(tx, userId, call.now, null, call.userAgent);
    // Of two answers with one counter the second finds another.
    const used = await tx.$executeRaw`
      UPDATE passkey SET counter = ${authenticationInfo.newCounter}::bigint, last_used_at = statement_timestamp()
      WHERE id = ${response.id} AND user_id = ${userId} AND counter = ${known.counter}::bigint`;
    if (!opened || used === 0) throw refused();
    await audit(tx, { ...call, actor: { userId, schoolId } }, [
      { action: "identity.signed_in", objectType: "session", objectId: opened.sessionId, details: { passkey: true } },
    ]);
    return opened;
  }, client);
}
