// Authenticator app and recovery codes: what is stored, what is taken, and how often.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { forgetEndedPeople } from "../people/forget-people";
import { beginAuthenticator, confirmAuthenticator, renewRecoveryCodes, turnOffAuthenticator } from "./authenticator";
import { deleteUnconfirmed } from "./delete-unconfirmed";
import { hasAuthenticator, proveCode } from "./prove-code";
import { plainRecoveryCode } from "./recovery-codes";
import { openSecret, sealSecret } from "./sealed-secret";
import { signInMethods } from "./sign-in-methods";
import { totpCode } from "./totp";

let school: TestSchool;
const ctx = (n: number) => contextOf(at(school.students, n));
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
const forgetTries = () => db().$executeRaw`DELETE FROM credential_attempt`;
const prove = (n: number, code: string) => proveCode(ctx(n), ctx(n).actor, code);

beforeAll(async () => {
  school = await buildSchool(db(), { students: 12 });
});

describe("an authenticator", () => {
  it("guards nothing until a code has proved it, and then is on, written to the person and the audit", async () => {
    await beginAuthenticator(ctx(0));
    const before = await signInMethods(ctx(0));
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
    expect((await signInMethods(ctx(0))).authenticator).toMatchObject({ state: "on", codesLeft: 10 });
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
      await forgetTries();
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
    await forgetTries();
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
    expect((await signInMethods(ctx(5))).authenticator).toEqual({ state: "off" });
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
    expect((await signInMethods(ctx(6))).authenticator).toMatchObject({ codesLeft: 9 });
    const [anew = ""] = await renewRecoveryCodes(ctx(6));
    expect(await prove(6, second)).toBe(false);
    expect(await prove(6, anew)).toBe(true);
    expect(await noticesOf(6)).toEqual(["authenticatorOn", "recoveryCodesMade"]);
    expect(await refused(renewRecoveryCodes(ctx(7)))).toBe("account_state");
  });
});

it("what was begun and never confirmed goes after a day; what is on stays, until its person is forgotten", async () => {
  await turnOn(8);
  await beginAuthenticator(ctx(9));
  const old = new Date(Date.now() - 25 * 3_600_000);
  await db().totpFactor.updateMany({ where: { userId: { in: [idOf(8), idOf(9)] } }, data: { createdAt: old } });
  expect((await signInMethods(ctx(9))).authenticator).toEqual({ state: "off" });
  expect(await deleteUnconfirmed(db(), { now: new Date(), signal: AbortSignal.timeout(10_000) })).toBe(1);
  expect(await hasAuthenticator(db(), idOf(8))).toBe(true);
  await db().user.update({ where: { id: idOf(8) }, data: { active: false, endedAt: new Date(0) } });
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
