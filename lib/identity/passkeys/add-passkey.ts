import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { noticeTo } from "../credentials/notices";
import { plainUserAgent } from "../devices/device-name";
import { requireRecentProof } from "../factors/recent-proof";
import { newChallenge, spendChallenge } from "./challenges";
import { relyingParty } from "./relying-party";
import type { NewPasskeyInput } from "./schema";

/** More than anybody has devices. */
const MOST = 20;

/** What a browser needs to make a passkey, and the proof of the challenge, which it keeps in a cookie. */
export type PasskeyOffer = { options: PublicKeyCredentialCreationOptionsJSON; kept: string; expiresAt: Date };

/**
 * Begins to add a passkey to the actor's account: one that is found without a name, and that asks its owner for finger, face or
 * PIN. Errors: `proof_required`, `account_state` with twenty.
 */
export async function beginPasskey(ctx: Context, client: Db = db()): Promise<PasskeyOffer> {
  await requireRecentProof(ctx, client);
  const { userId, schoolId } = ctx.actor;
  const user = await client.user.findUniqueOrThrow({
    where: { schoolId_id: { schoolId, id: userId } },
    select: {
      email: true,
      givenName: true,
      familyName: true,
      school: { select: { name: true } },
      passkeys: { select: { id: true } },
    },
  });
  if (user.passkeys.length >= MOST) throw new AppError("account_state", { detail: say("detail.manyPasskeys") });
  const { bytes, kept, expiresAt } = newChallenge(`add ${userId}`, ctx.now);
  const options = await generateRegistrationOptions({
    rpName: user.school.name,
    rpID: relyingParty().id,
    userID: new TextEncoder().encode(userId),
    userName: user.email,
    userDisplayName: `${user.givenName} ${user.familyName}`.trim(),
    challenge: bytes,
    attestationType: "none",
    excludeCredentials: user.passkeys.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { options, kept, expiresAt };
}

/**
 * Adds the passkey that the browser made for the challenge it kept. Written to the person. Errors: `invalid_request` for an answer
 * that is not right, or to a challenge that is over; `proof_required`.
 */
export async function addPasskey(
  ctx: Context,
  { kept, response }: NewPasskeyInput & { kept: string },
  client: Db = db(),
): Promise<void> {
  await requireRecentProof(ctx, client);
  const { userId } = ctx.actor;
  const challenge = await spendChallenge(client, kept, `add ${userId}`, ctx.now);
  if (challenge === null) throw notRight();
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const expected = { expectedChallenge: challenge, expectedOrigin, expectedRPID, requireUserVerification: true };
  // Whatever it throws at is an answer that is not right.
  const { verified, registrationInfo } = await verifyRegistrationResponse({ response, ...expected }).catch(() => {
    throw notRight();
  });
  if (!verified) throw notRight();
  const { id, publicKey, counter } = registrationInfo.credential;
  await transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} FOR UPDATE`;
    const added = await tx.$executeRaw`
      INSERT INTO passkey (id, user_id, public_key, counter, user_agent, created_at)
      VALUES (${id}, ${userId}, ${new Uint8Array(publicKey)}, ${counter}::bigint, ${plainUserAgent(ctx.userAgent ?? null)},
        statement_timestamp())
      ON CONFLICT DO NOTHING`;
    if (added === 0) throw notRight();
    await audit(tx, ctx, [{ action: "identity.passkey_added", objectType: "user", objectId: userId }]);
    await noticeTo(tx, userId, "passkeyAdded");
  }, client);
}

const notRight = () => new AppError("invalid_request", { detail: say("detail.passkeyNotRight") });
