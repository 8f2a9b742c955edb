// Passkeys against a key made here: what is taken, once, from whom, and what is refused.
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import type { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, provenContextOf, type TestSchool } from "@/tests/support/school";
import { removePasskey } from "./remove-passkey";
import { hasSecondFactor } from "../factors/prove-code";
import { deleteSpentChallenges, newChallenge, spendChallenge } from "./challenges";
import { addPasskey, beginPasskey } from "./add-passkey";
import { relyingParty } from "./relying-party";
import { askForPasskey, signInWithPasskey } from "./sign-in-with-passkey";

let school: TestSchool;
let ctx: Context;
const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error.code,
  );
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();

beforeAll(async () => {
  school = await buildSchool(db(), { students: 3 });
  ctx = await provenContextOf(db(), at(school.students, 0));
});

/** A length and bytes as CBOR has them (RFC 8949 §3): major type 2 for bytes, 3 for text. */
function cbor(major: 2 | 3, bytes: Uint8Array): Buffer {
  const head = bytes.length < 24 ? [(major << 5) | bytes.length] : [(major << 5) | 24, bytes.length];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** A device that makes one passkey and answers with it. */
function device() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  // COSE_Key of ES256: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
  const point = (text: string) => cbor(2, Buffer.from(text, "base64url"));
  const key = Buffer.concat([
    Buffer.from("a5010203262001", "hex"),
    Buffer.from([0x21]),
    point(x),
    Buffer.from([0x22]),
    point(y),
  ]);
  const dataOf = (flags: number, counter: number, rpId = relyingParty().id) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const clientOf = (type: string, challenge: string, origin = relyingParty().origin) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const whole = { id: base64url(id), rawId: base64url(id), type: "public-key" as const, clientExtensionResults: {} };
  return {
    id: whole.id,
    made(challenge: string, { flags = 0x45, origin = relyingParty().origin } = {}) {
      const length = Buffer.from([0, id.length]);
      const authData = Buffer.concat([dataOf(flags, 0), Buffer.alloc(16), length, id, key]);
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        cbor(3, Buffer.from("fmt")),
        cbor(3, Buffer.from("none")),
        cbor(3, Buffer.from("attStmt")),
        Buffer.from([0xa0]),
        cbor(3, Buffer.from("authData")),
        cbor(2, authData),
      ]);
      const clientDataJSON = base64url(clientOf("webauthn.create", challenge, origin));
      return { ...whole, response: { clientDataJSON, attestationObject: base64url(attestationObject) } };
    },
    answer(challenge: string, counter: number, { flags = 0x05, origin = relyingParty().origin, user = "" } = {}) {
      const [data, client] = [dataOf(flags, counter), clientOf("webauthn.get", challenge, origin)];
      const signature = createSign("sha256")
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      const handle = user === "" ? {} : { userHandle: base64url(Buffer.from(user)) };
      return {
        ...whole,
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          ...handle,
        },
      };
    },
  };
}

async function added() {
  const phone = device();
  const { options, kept } = await beginPasskey(ctx);
  await addPasskey(ctx, { kept, response: phone.made(options.challenge) });
  return phone;
}

describe("a challenge", () => {
  it("is taken once, for what it was made, within five minutes, and leaves no row until then", async () => {
    const now = new Date();
    const spend = (kept: string, purpose: Parameters<typeof newChallenge>[0] = "sign-in", at = now) =>
      spendChallenge(db(), kept, purpose, at);
    const { kept, bytes } = newChallenge("sign-in", now);
    expect(await spend(kept, "add somebody")).toBeNull();
    expect(await spend(kept, "sign-in", new Date(now.getTime() + 300_001))).toBeNull();
    expect(await spend(kept.replace(/\.\d+\./, `.${now.getTime() * 2}.`))).toBeNull();
    expect(await spend("")).toBeNull();
    expect(await db().spentChallenge.count()).toBe(0);
    const both = await Promise.all([spend(kept), spend(kept)]);
    expect(both.filter((challenge) => challenge !== null)).toEqual([base64url(bytes)]);
    const later = new Date(now.getTime() + 11 * 60_000);
    expect(await deleteSpentChallenges(db(), { now: later, signal: AbortSignal.timeout(10_000) })).toBe(1);
  });
});

describe("a passkey", () => {
  it("is made for this site and this person, by a device that has asked who it is", async () => {
    const phone = device();
    const offer = async () => beginPasskey(ctx);
    const wrong: [string, (challenge: string) => Parameters<typeof addPasskey>[1]["response"]][] = [
      ["another site", (challenge) => phone.made(challenge, { origin: "https://elsewhere.example" })],
      ["a device that did not ask", (challenge) => phone.made(challenge, { flags: 0x41 })],
      ["another challenge", () => phone.made(base64url(randomBytes(32)))],
      [
        "nonsense",
        (challenge) => ({ ...phone.made(challenge), response: { clientDataJSON: "", attestationObject: "" } }),
      ],
    ];
    for (const [why, response] of wrong) {
      const { options, kept } = await offer();
      expect(await refused(addPasskey(ctx, { kept, response: response(options.challenge) })), why).toBe(
        "invalid_request",
      );
    }
    const { options, kept } = await offer();
    const other = await provenContextOf(db(), at(school.students, 1));
    expect(await refused(addPasskey(other, { kept, response: phone.made(options.challenge) }))).toBe("invalid_request");
    expect(await hasSecondFactor(db(), ctx.actor.userId)).toBe(false);
    await addPasskey(ctx, { kept, response: phone.made(options.challenge) });
    expect(await refused(addPasskey(ctx, { kept, response: phone.made(options.challenge) }))).toBe("invalid_request");
    expect(await hasSecondFactor(db(), ctx.actor.userId)).toBe(true);
    expect((await offer()).options.excludeCredentials).toMatchObject([{ id: phone.id }]);
    await removePasskey(ctx, { id: phone.id });
    expect(await refused(removePasskey(ctx, { id: phone.id }))).toBe("not_found");
    expect(await hasSecondFactor(db(), ctx.actor.userId)).toBe(false);
  });

  it("signs in whoever has it, with a counter that goes on, and nobody else", async () => {
    const phone = await added();
    const enter = async (answer: (challenge: string) => ReturnType<typeof phone.answer>) => {
      const { options, kept } = await askForPasskey(new Date());
      return refused(signInWithPasskey(call(), { kept, response: answer(options.challenge) }));
    };
    const { userId } = ctx.actor;
    expect(await enter((challenge) => phone.answer(challenge, 1, { user: userId }))).toBeNull();
    expect(await enter((challenge) => phone.answer(challenge, 1))).toBe("invalid_credentials");
    for (const wrong of [
      (challenge: string) => phone.answer(challenge, 5, { user: at(school.students, 1).id }),
      (challenge: string) => phone.answer(challenge, 5, { origin: "https://elsewhere.example" }),
      (challenge: string) => phone.answer(challenge, 5, { flags: 0x01 }),
      () => phone.answer(base64url(randomBytes(32)), 5),
      (challenge: string) => device().answer(challenge, 5),
      (challenge: string) => ({ ...device().answer(challenge, 5), id: phone.id, rawId: phone.id }),
    ])
      expect(await enter(wrong)).toBe("invalid_credentials");
    const { options, kept } = await askForPasskey(new Date());
    const once = { kept, response: phone.answer(options.challenge, 6) };
    const both = await Promise.all([1, 2].map(() => refused(signInWithPasskey(call(), once))));
    expect(both.toSorted()).toEqual(["invalid_credentials", null].toSorted());
    await db().user.update({ where: { id: userId }, data: { active: false } });
    expect(await enter((challenge) => phone.answer(challenge, 9))).toBe("invalid_credentials");
    await db().user.update({ where: { id: userId }, data: { active: true } });
    await removePasskey(ctx, { id: phone.id });
    expect(await enter((challenge) => phone.answer(challenge, 10))).toBe("invalid_credentials");
  });
});
