import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { forgetAllTries } from "@/tests/support/tries";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { verifyAccessToken } from "./access-token";
import { hashPassword, isOutdatedHash } from "../credentials/passwords";
import { loginInput } from "../schema";
import { signIn } from "./sign-in";

const password = "four calm words here";
let school: TestSchool;
let email: string;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 4 });
  email = student(0).email;
  await setPassword(student(0).id, { passwordHash: await hashPassword(password) });
});

describe("signIn", () => {
  it("opens a session whose tokens say who it is, and tells the audit", async () => {
    const { tokens, user } = await enter(email);
    expect(user).toMatchObject({ id: student(0).id, email, roles: ["STUDENT"], schoolId: school.school.id });
    expect(await verifyAccessToken(tokens.accessToken)).toMatchObject({
      userId: user.id,
      schoolId: user.schoolId,
      roles: ["STUDENT"],
      sessionId: tokens.sessionId,
    });
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresIn: 600, refreshExpiresIn: 14 * 86_400 });
    const entries = await db().auditEntry.findMany({ where: { objectId: tokens.sessionId } });
    expect(entries).toMatchObject([{ action: "identity.signed_in", actorId: user.id }]);
  });

  it("stores no token, only hashes", async () => {
    const { tokens } = await enter(email);
    const rows = await db().refreshToken.findMany({ where: { sessionId: tokens.sessionId } });
    expect(rows).toHaveLength(1);
    expect(Buffer.from(rows[0]?.tokenHash ?? []).toString("base64url")).not.toBe(tokens.refreshToken);
    expect(rows[0]?.tokenHash).toHaveLength(32);
  });

  it("takes the email in any case and with blanks around it", async () => {
    await expect(enter(`  ${email.toUpperCase()} `)).resolves.toBeTruthy();
  });

  it("gives one error for unknown, wrong, not yet set and ended", async () => {
    await setPassword(student(1).id, { passwordHash: await hashPassword(password), active: false });
    const errors = await Promise.all([
      enter("nobody@test.campusos.example").catch((error: unknown) => error),
      enter(email, "wrong").catch((error: unknown) => error),
      enter(student(1).email).catch((error: unknown) => error),
      enter(student(2).email).catch((error: unknown) => error),
    ]);
    for (const error of errors) expect(error).toMatchObject({ code: "invalid_credentials", status: 401 });
    expect(new Set(errors.map(String)).size).toBe(1);
    expect(await db().authSession.count({ where: { userId: student(1).id } })).toBe(0);
  });

  it("takes as long for an unknown person as for a wrong password", async () => {
    await enter(email, "warm up").catch(() => undefined);
    const unknown: number[] = [];
    const wrong: number[] = [];
    for (let round = 0; round < 15; round++) {
      await forgetAllTries();
      unknown.push(await timed(() => enter("nobody@test.campusos.example")));
      wrong.push(await timed(() => enter(email, "wrong")));
    }
    await forgetAllTries();
    const ratio = median(unknown) / median(wrong);
    // Without the work for nobody it is below a tenth; the rest is the machine's noise.
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("replaces a hash that an import shares by the person's own, once", async () => {
    const shared = await hashPassword(password);
    await setPassword(student(3).id, { passwordHash: shared, passwordShared: true });
    const entered = await Promise.all([enter(student(3).email), enter(student(3).email)]);
    expect(entered).toHaveLength(2);
    // Nobody waits for it: it comes after the answer, when no sign-in is at hand.
    const user = await eventually(() => db().user.findFirst({ where: { id: student(3).id, passwordShared: false } }), {
      what: "a hash of the person's own",
    });
    expect(user.passwordHash).not.toBe(shared);
    expect(isOutdatedHash(user.passwordHash ?? "")).toBe(false);
    await expect(enter(student(3).email)).resolves.toBeTruthy();
    const after = await db().user.findUniqueOrThrow({ where: { id: student(3).id } });
    expect(after.passwordHash).toBe(user.passwordHash);
  });

  it("lets a crowd in, a few passwords at a time", async () => {
    const entered = await Promise.all(Array.from({ length: 60 }, () => enter(email)));
    expect(new Set(entered.map(({ tokens }) => tokens.sessionId)).size).toBe(60);
  });
});

function student(index: number) {
  const found = school.students[index];
  if (!found) throw new Error(`no student ${index}`);
  return found;
}

function setPassword(id: string, data: { passwordHash: string; passwordShared?: boolean; active?: boolean }) {
  return db().user.update({ where: { id }, data });
}

function enter(as: string, withPassword = password) {
  const input = loginInput.parse({ email: as, password: withPassword });
  return signIn({ requestId: newId(), now: new Date(), source: "api" }, input);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work().catch(() => undefined);
  return performance.now() - startedAt;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
