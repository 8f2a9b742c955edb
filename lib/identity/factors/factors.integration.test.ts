// Authenticator app and recovery codes: what is stored, what is taken, and how often.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import type { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, provenContextOf, type TestSchool } from "@/tests/support/school";
import { passwordRulesOf } from "../credentials/new-password";
import { hashPassword } from "../credentials/passwords";
import { acceptInvitation, createInvitations } from "../invitations/invitations";
import { forgetEndedPeople } from "../people/forget-people";
import { loginInput } from "../schema";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { signIn } from "../sessions/sign-in";
import { forgetTries } from "../limits/tries";
import { beginAuthenticator, confirmAuthenticator, renewRecoveryCodes, turnOffAuthenticator } from "./authenticator";
import { deleteUnconfirmed } from "./delete-unconfirmed";
import { hasAuthenticator, proveCode } from "./prove-code";
import { proveAgain, requireRecentProof } from "./recent-proof";
import { plainRecoveryCode } from "./recovery-codes";
import { openSecret, sealSecret } from "./sealed-secret";
import { beginSecondStep, completeSecondStep, deleteOldSecondSteps, findSecondStep } from "./second-step";
import { signInMethods } from "./sign-in-methods";
import { totpCode } from "./totp";

const password = "the fog lifts at noon";
let school: TestSchool;
const contexts: Context[] = [];
const ctx = (n: number) => at(contexts, n);
const idOf = (n: number) => at(school.students, n).id;
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error.code,
  );
const step = async () => {
  const [row] = await db().$queryRaw<{ now: number }[]>`
    SELECT floor(extract(epoch FROM statement_timestamp()) / 30)::int AS now`;
  return row?.now ?? 0;
};
/** The code that the person's app shows, `ahead` steps from now. */
async function codeOf(n: number, ahead = 0): Promise<string> {
  const { secret } = await db().totpFactor.findUniqueOrThrow({ where: { userId: idOf(n) } });
  return totpCode(openSecret(idOf(n), secret) ?? Buffer.alloc(0), (await step()) + ahead);
}
/** Turned on, and the step now left to be taken. */
async function turnOn(n: number): Promise<string[]> {
  await beginAuthenticator(ctx(n));
  const codes = await confirmAuthenticator(ctx(n), { code: await codeOf(n) });
  await db().totpFactor.update({ where: { userId: idOf(n) }, data: { lastStep: { decrement: 1 } } });
  return codes;
}
const prove = (n: number, code: string) => proveCode(ctx(n), ctx(n).actor, code);

beforeAll(async () => {
  school = await buildSchool(db(), { students: 12 });
  for (const student of school.students) contexts.push(await provenContextOf(db(), student));
  const passwordHash = await hashPassword(password);
  await db().user.updateMany({ where: { schoolId: school.school.id }, data: { passwordHash } });
});

describe("an authenticator", () => {
  it("guards nothing until a code has proved it, and then is on, written to the person and the audit", async () => {
    await beginAuthenticator(ctx(0));
    const before = await signInMethods(ctx(0), { locale: "en" });
    expect(before.authenticator).toMatchObject({
      state: "begun",
      uri: expect.stringMatching(/^otpauth:\/\/totp\//) as string,
    });
    expect(await hasAuthenticator(db(), idOf(0))).toBe(false);
    expect(await refused(confirmAuthenticator(ctx(0), { code: "12345" }))).toBe("invalid_request");
    expect(await prove(0, await codeOf(0))).toBe(false);
    const codes = await confirmAuthenticator(ctx(0), { code: (await codeOf(0)).replace(/(...)/, "$1 ") });
    expect(new Set(codes).size).toBe(10);
    expect(await hasAuthenticator(db(), idOf(0))).toBe(true);
    expect((await signInMethods(ctx(0), { locale: "en" })).authenticator).toMatchObject({ state: "on" });
    expect(await refused(beginAuthenticator(ctx(0)))).toBe("account_state");
    expect(await refused(confirmAuthenticator(ctx(0), { code: await codeOf(0, 1) }))).toBe("account_state");
    expect(await noticesOf(0)).toEqual(["authenticatorOn"]);
    expect(await db().auditEntry.count({ where: { objectId: idOf(0), action: "identity.authenticator_on" } })).toBe(1);
  });

  it("is stored so that the database alone, or another person's row, gives no secret", async () => {
    const secret = Buffer.from("12345678901234567890");
    const sealed = sealSecret(idOf(0), secret);
    expect(Buffer.from(sealed).includes(secret)).toBe(false);
    expect(openSecret(idOf(0), sealed)).toEqual(secret);
    expect(openSecret(idOf(1), sealed)).toBeNull();
    expect(
      openSecret(
        idOf(0),
        sealed.map((byte, n) => (n === 30 ? byte ^ 1 : byte)),
      ),
    ).toBeNull();
    expect(openSecret(idOf(0), new Uint8Array(3))).toBeNull();
    expect(sealSecret(idOf(0), secret)).not.toEqual(sealed);
  });

  it("has each code taken once, none from before the last, and of the clock's neighbours one either way", async () => {
    await turnOn(1);
    expect(await prove(1, await codeOf(1, -1))).toBe(false);
    expect(await prove(1, await codeOf(1, 3))).toBe(false);
    const [now, next] = [await codeOf(1), await codeOf(1, 1)];
    expect(await prove(1, next)).toBe(true);
    expect(await prove(1, next)).toBe(false);
    expect(await prove(1, now)).toBe(false);
    expect(await prove(2, next)).toBe(false);
  });

  it("takes one code once of two processes at the same moment, twenty times over", async () => {
    const takers = [startTaker(), startTaker()];
    const codes = await turnOn(3);
    const outcomes: string[] = [];
    const race = async (code: string) => {
      const line = `${idOf(3)} ${school.school.id} ${code}`;
      outcomes.push((await Promise.all(takers.map((take) => take(line)))).sort().join(" + "));
    };
    for (const code of codes) await race(code);
    for (let n = 0; n < 10; n++) {
      await db().totpFactor.update({ where: { userId: idOf(3) }, data: { lastStep: 0 } });
      await race(await codeOf(3));
    }
    expect(outcomes).toHaveLength(20);
    expect([...new Set(outcomes)]).toEqual(["right + wrong"]);
  }, 60_000);

  it("is tried five times within a quarter of an hour, whatever with, and begins anew when it was right", async () => {
    const [recovery = ""] = await turnOn(4);
    for (let n = 0; n < 4; n++) expect(await prove(4, "wrong")).toBe(false);
    expect(await prove(4, recovery)).toBe(true);
    for (let n = 0; n < 5; n++) expect(await prove(4, "000000")).toBe(false);
    expect(await refused(prove(4, await codeOf(4)))).toBe("too_many_attempts");
    await forgetTries("secondStep", idOf(4));
    expect(await prove(4, await codeOf(4))).toBe(true);
  });

  it("is off with its recovery codes, told once, and off again is no change", async () => {
    const [recovery = ""] = await turnOn(5);
    await turnOffAuthenticator(ctx(5));
    await turnOffAuthenticator(ctx(5));
    expect(await prove(5, recovery)).toBe(false);
    expect(await db().recoveryCode.count({ where: { userId: idOf(5) } })).toBe(0);
    expect(await noticesOf(5)).toEqual(["authenticatorOn", "authenticatorOff"]);
    await beginAuthenticator(ctx(5));
    await turnOffAuthenticator(ctx(5));
    expect((await signInMethods(ctx(5), { locale: "en" })).authenticator).toEqual({ state: "off" });
    expect(await noticesOf(5)).toHaveLength(2);
  });
});

describe("recovery codes", () => {
  it("are stored as hashes, taken once, however typed, and anew those before end", async () => {
    const codes = await turnOn(6);
    const [first = "", second = ""] = codes;
    const rows = JSON.stringify(await db().recoveryCode.findMany({ where: { userId: idOf(6) } }));
    for (const code of codes) expect(rows).not.toContain(plainRecoveryCode(code));
    expect(await prove(7, first)).toBe(false);
    expect(
      await prove(6, ` ${first.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "l")}`),
    ).toBe(true);
    expect(await prove(6, first)).toBe(false);
    expect(await signInMethods(ctx(6), { locale: "en" })).toMatchObject({ codesLeft: 9 });
    const [anew = ""] = await renewRecoveryCodes(ctx(6));
    expect(await prove(6, second)).toBe(false);
    expect(await prove(6, anew)).toBe(true);
    expect(await noticesOf(6)).toEqual(["authenticatorOn", "recoveryCodesMade"]);
    expect(await refused(renewRecoveryCodes(ctx(7)))).toBe("account_state");
  });
});

describe("signing in", () => {
  const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
  const login = (n: number, code?: string) =>
    signIn(call(), loginInput.parse({ email: at(school.students, n).email, password, ...(code ? { code } : {}) }));
  const step = async (n: number) => {
    const { passwordHash } = await db().user.findUniqueOrThrow({ where: { id: idOf(n) } });
    const begun = await beginSecondStep({ userId: idOf(n), passwordHash: passwordHash ?? "" });
    return begun?.token ?? "";
  };
  const complete = (token: string, code: string) => completeSecondStep(call(), { token, code });

  it("with the right password asks for a code, with a wrong one or a wrong code says that either is wrong", async () => {
    const [recovery = ""] = await turnOn(10);
    expect(await refused(login(10))).toBe("second_factor_required");
    expect(await refused(login(10, "000000"))).toBe("invalid_credentials");
    const wrong = loginInput.parse({ email: at(school.students, 10).email, password: "not this one" });
    expect(await refused(signIn(call(), wrong))).toBe("invalid_credentials");
    expect((await login(10, await codeOf(10))).user.id).toBe(idOf(10));
    expect((await login(10, recovery)).user.id).toBe(idOf(10));
    expect(await refused(login(10, recovery))).toBe("invalid_credentials");
    // A code of who has no second factor is not looked at.
    expect((await login(11, "000000")).user.id).toBe(idOf(11));
  });

  it("by a page waits for the code, once, with a token of which only the hash is stored", async () => {
    await forgetTries("secondStep", idOf(10));
    const codes = await renewRecoveryCodes(ctx(10));
    const [first = "", second = "", third = ""] = codes;
    const token = await step(10);
    expect(await db().secondStep.count({ where: { userId: idOf(10) } })).toBe(1);
    expect(JSON.stringify(await db().secondStep.findMany())).not.toContain(token);
    expect(await refused(complete("no such token", first))).toBe("not_found");
    expect(await refused(complete(token, "000000"))).toBe("invalid_credentials");
    const both = await Promise.allSettled([complete(token, first), complete(token, second)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await refused(complete(token, third))).toBe("not_found");
  });

  it("that waits is over after ten minutes, with another password, and with the account", async () => {
    const { email } = at(school.students, 10);
    const tokens = [await step(10), await step(10)];
    await db().secondStep.updateMany({ data: { expiresAt: new Date() } });
    expect(await Promise.all(tokens.map((token) => findSecondStep(token)))).toEqual([null, null]);
    expect(await deleteOldSecondSteps(db(), { now: new Date(), signal: AbortSignal.timeout(10_000) })).toBe(2);
    const token = await step(10);
    expect(await findSecondStep(token)).toMatchObject({ email });
    await transaction((tx) => revokeSessionsOf(tx, [idOf(10)], "password_set"));
    expect(await findSecondStep(token)).toBeNull();
    expect(await beginSecondStep({ userId: idOf(10), passwordHash: "the one before" })).toBeNull();
  });

  it("is not done by an invitation for who has a second factor, whose new password may be shorter", async () => {
    const [made] = await transaction((tx) => createInvitations(tx, [idOf(10)]));
    const sessions = await db().authSession.count({ where: { userId: idOf(10) } });
    expect(await acceptInvitation(call(), { token: made?.token ?? "", password: "vk7qw2mz" })).toBeNull();
    expect(await db().authSession.count({ where: { userId: idOf(10) } })).toBe(sessions);
    expect((await passwordRulesOf(idOf(10))).least).toBe(8);
    expect((await passwordRulesOf(at(school.teachers, 0).id)).least).toBe(15);
  });
});

describe("a proof of who acts", () => {
  const old = (n: number) =>
    db()
      .$executeRaw`UPDATE auth_session SET created_at = now() - interval '1 day', proved_at = now() - interval '11 minutes'
      WHERE id = ${ctx(n).actor.sessionId}`;

  it("is asked for again after ten minutes, before a factor is changed, and given by password or code", async () => {
    await requireRecentProof(ctx(11));
    await old(11);
    const acts = [
      () => requireRecentProof(ctx(11)),
      () => beginAuthenticator(ctx(11)),
      () => confirmAuthenticator(ctx(11), { code: "000000" }),
      () => renewRecoveryCodes(ctx(11)),
      () => turnOffAuthenticator(ctx(11)),
    ];
    for (const act of acts) expect(await refused(act())).toBe("proof_required");
    expect(await refused(proveAgain(ctx(11), { password: "not this one", code: "" }))).toBe("invalid_credentials");
    expect(await refused(requireRecentProof(ctx(11)))).toBe("proof_required");
    await proveAgain(ctx(11), { password, code: "" });
    const [recovery = ""] = await turnOn(11);
    await old(11);
    expect(await refused(proveAgain(ctx(11), { password, code: "000000" }))).toBe("invalid_credentials");
    await proveAgain(ctx(11), { password: "", code: recovery });
    await requireRecentProof(ctx(11));
  });

  it("is of one session and its person alone, and is gone with it", async () => {
    const [mine, theirs] = [ctx(2), ctx(7)];
    const stolen = { ...mine, actor: { ...mine.actor, sessionId: theirs.actor.sessionId } };
    expect(await refused(requireRecentProof(stolen))).toBe("proof_required");
    expect(await refused(proveAgain(stolen, { password, code: "" }))).toBe("session_revoked");
    await transaction((tx) => revokeSessionsOf(tx, [idOf(2)], "signed_out"));
    expect(await refused(requireRecentProof(mine))).toBe("proof_required");
    expect(await refused(proveAgain(mine, { password, code: "" }))).toBe("session_revoked");
  });
});

it("what was begun and never confirmed goes after a day; what is on stays, until its person is forgotten", async () => {
  await turnOn(8);
  await beginAuthenticator(ctx(9));
  const old = new Date(Date.now() - 25 * 3_600_000);
  await db().totpFactor.updateMany({ where: { userId: { in: [idOf(8), idOf(9)] } }, data: { createdAt: old } });
  expect((await signInMethods(ctx(9), { locale: "en" })).authenticator).toEqual({ state: "off" });
  expect(await deleteUnconfirmed(db(), { now: new Date(), signal: AbortSignal.timeout(10_000) })).toBe(1);
  expect(await hasAuthenticator(db(), idOf(8))).toBe(true);
  await db().user.update({ where: { id: idOf(8) }, data: { active: false, passwordHash: null, endedAt: new Date(0) } });
  await forgetEndedPeople(db(), new Date());
  expect(await db().totpFactor.count({ where: { userId: idOf(8) } })).toBe(0);
  expect(await db().recoveryCode.count({ where: { userId: idOf(8) } })).toBe(0);
});

async function noticesOf(n: number): Promise<string[]> {
  const rows = await db().$queryRaw<{ what: string }[]>`
    SELECT payload->>'what' AS what FROM graphile_worker._private_jobs
    WHERE payload->>'userId' = ${idOf(n)} ORDER BY id`;
  return rows.map(({ what }) => what);
}

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** A process of its own that takes codes. */
function startTaker(): (line: string) => Promise<string> {
  const file = path.resolve("tests/support/code-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    stdio: ["pipe", "pipe", "inherit"],
    env: process.env,
  });
  const waiting: ((outcome: string) => void)[] = [];
  readline.createInterface({ input: child.stdout }).on("line", (outcome) => waiting.shift()?.(outcome));
  stops.push(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  return (line) => {
    const outcome = new Promise<string>((resolve) => waiting.push(resolve));
    child.stdin.write(`${line}\n`);
    return outcome;
  };
}
