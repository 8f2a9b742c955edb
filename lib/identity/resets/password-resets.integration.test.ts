import { forgetAllTries } from "@/tests/support/tries";
import { beforeAll, describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { hashPassword } from "../credentials/passwords";
import { loginInput } from "../schema";
import { refuseRevoked } from "../sessions/revocations";
import { openSession } from "../sessions/sessions";
import { signIn } from "../sessions/sign-in";
import { deleteOldResets } from "./delete-old-resets";
import { createPasswordReset, findPasswordReset, resetPassword } from "./password-resets";
import { requestPasswordReset } from "./request-reset";

const before = "four calm words here";
const after = "the fog lifts at noon";
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 9 });
  await db().user.updateMany({
    where: { schoolId: school.school.id },
    data: { passwordHash: await hashPassword(before) },
  });
});

describe("asking for a link", () => {
  it("does the same and takes as long for an address that nobody has", async () => {
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let n = 0; n < 40; n++) {
      await forgetAllTries();
      for (const [email, times] of [
        [student(0).email, known],
        [`nobody-${n}@example.org`, unknown],
      ] as const) {
        const from = performance.now();
        await requestPasswordReset(call(), { email });
        times.push(performance.now() - from);
      }
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length / 2] ?? 0;
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(0.5 * Math.max(median(known), median(unknown)));
    const jobs = await db().$queryRaw<{ email: string }[]>`
      SELECT payload->>'email' AS email FROM graphile_worker._private_jobs`;
    expect(jobs.filter(({ email }) => email === "nobody-7@example.org")).toHaveLength(1);
    expect(await db().passwordReset.count()).toBe(0);
  });

  it("is refused for any address after three times, and says how long", async () => {
    for (const email of [student(1).email, "nobody-at-all@example.org"]) {
      for (let n = 0; n < 3; n++) await requestPasswordReset(call(), { email });
      const refused: unknown = await requestPasswordReset(call(), { email }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "too_many_attempts", status: 429 });
      expect((refused as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(14 * 60);
    }
  });

  it("counts tries at the same moment one after another, and an address generously", async () => {
    const ask = (email: string) => requestPasswordReset({ ...call(), address: "203.0.113.7" }, { email });
    const same = await Promise.allSettled(Array.from({ length: 8 }, () => ask("crowd@example.org")));
    expect(same.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    for (let n = 0; n < 50; n++) await ask(`pupil-${n}@example.org`);
  });
});

describe("a link for a new password", () => {
  it("is made for who may sign in alone, and only its hash is stored", async () => {
    expect(await createPasswordReset(asked("nobody@example.org"), new Date())).toBeNull();
    await db().user.update({ where: { id: student(2).id }, data: { active: false } });
    expect(await createPasswordReset(asked(student(2).email), new Date())).toBeNull();
    expect(await db().passwordReset.count()).toBe(0);
    const { token } = await link(3);
    const kept = JSON.stringify([
      await db().passwordReset.findMany(),
      await db().auditEntry.findMany({ where: { objectId: student(3).id } }),
    ]);
    expect(kept).not.toContain(token);
    expect(kept).toContain("identity.password_reset_requested");
  });

  it("sets the password once, ends every session, and tells the audit and the person", async () => {
    const opened = await transaction((tx) => openSession(tx, student(3).id, new Date()));
    const { token } = await link(3);
    await resetPassword(call(), { token, password: after });
    await expect(refuseRevoked(opened?.sessionId ?? "")).rejects.toMatchObject({ code: "session_revoked" });
    await signIn(call(), loginInput.parse({ email: student(3).email, password: after }));
    await expect(resetPassword(call(), { token, password: before })).rejects.toMatchObject({ code: "not_found" });
    expect(await findPasswordReset(token)).toBeNull();
    const audit = await db().auditEntry.findMany({
      where: { objectId: student(3).id, action: "identity.password_reset" },
    });
    expect(audit).toMatchObject([{ actorId: student(3).id, details: { ended: 1 } }]);
    const notices = await db().$queryRaw<{ what: string }[]>`
      SELECT payload->>'what' AS what FROM graphile_worker._private_jobs WHERE payload->>'userId' = ${student(3).id}`;
    expect(notices).toEqual([{ what: "passwordReset" }]);
  });

  it("is spent once by two presses at the same moment", async () => {
    const { token } = await link(4);
    const outcomes = await Promise.allSettled(
      [1, 2].map((n) => resetPassword(call(), { token, password: `${after} ${n}` })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "not_found" } });
  });

  it("ends after half an hour by the database's clock, with a newer one, and with the account", async () => {
    const [old, newer] = [await link(5), await link(5)];
    expect(await findPasswordReset(old.token)).toBeNull();
    expect(await findPasswordReset(newer.token)).toMatchObject({ userId: student(5).id });
    await minutesPass(29);
    expect(await findPasswordReset(newer.token)).not.toBeNull();
    await minutesPass(1);
    await expect(resetPassword(call(), { token: newer.token, password: after })).rejects.toMatchObject({
      code: "not_found",
    });
    const last = await link(5);
    await db().user.update({ where: { id: student(5).id }, data: { active: false } });
    expect(await findPasswordReset(last.token)).toBeNull();
    await expect(resetPassword(call(), { token: last.token, password: after })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("makes one that works of several jobs at the same moment", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => link(6)));
    const working = await Promise.all(made.map(({ token }) => findPasswordReset(token)));
    expect(working.filter((owner) => owner !== null)).toHaveLength(1);
  });

  it("is kept when the password is refused", async () => {
    const { token } = await link(7);
    await expect(resetPassword(call(), { token, password: "Password123!" })).rejects.toMatchObject({
      code: "invalid_request",
      errors: [{ path: "password", code: "tooCommon" }],
    });
    expect(await findPasswordReset(token)).not.toBeNull();
  });

  it("is not for guessing", async () => {
    const guess = () => resetPassword({ ...call(), address: "203.0.113.8" }, { token: newId(), password: after });
    for (let n = 0; n < 300; n++) await expect(guess()).rejects.toMatchObject({ code: "not_found" });
    await expect(guess()).rejects.toMatchObject({ code: "too_many_attempts" });
    await forgetAllTries();
  });

  it("goes 30 days after its time was over; one that works stays", async () => {
    await db().passwordReset.deleteMany();
    await link(7);
    await minutesPass(30 * 24 * 60 + 31);
    const { token } = await link(8);
    const stop = new AbortController();
    expect(await deleteOldResets(db(), { now: new Date(), signal: stop.signal })).toBe(1);
    expect(await findPasswordReset(token)).not.toBeNull();
  });
});

const student = (index: number) => at(school.students, index);
const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
const asked = (email: string) => ({ email, requestId: newId(), address: null });

async function link(index: number): Promise<{ token: string }> {
  const made = await createPasswordReset(asked(student(index).email), new Date());
  if (!made) throw new Error("no link");
  return made;
}

/** Dates the links back, as if that time had passed by the database's clock. */
async function minutesPass(minutes: number): Promise<void> {
  await db().$executeRaw`UPDATE password_reset SET expires_at = expires_at - ${minutes}::int * interval '1 minute'`;
}
