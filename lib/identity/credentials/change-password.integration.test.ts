import { beforeAll, describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { endOtherSessions, endSession } from "../devices/end-session";
import { endReplacedSession } from "../devices/end-replaced-session";
import { mySessions } from "../devices/my-sessions";
import { loginInput } from "../schema";
import { refuseRevoked } from "../sessions/revocations";
import { rotateRefreshToken } from "../sessions/rotate-refresh-token";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { signIn } from "../sessions/sign-in";
import { forgetAllTries } from "@/tests/support/tries";
import { changePassword, chooseFirstPassword, hasInitialPassword } from "./change-password";
import { hashPassword } from "./passwords";

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

describe("changing a password", () => {
  it("ends every other session, keeps this one, and tells the audit and the person", async () => {
    const [here, there] = [await session(0), await session(0)];
    await changePassword(ctx(0, here), { current: before, password: after });
    await expect(refuseRevoked(there.sessionId)).rejects.toMatchObject({ code: "session_revoked" });
    await refuseRevoked(here.sessionId);
    await rotateRefreshToken(call(), here.refreshToken);
    await expect(enter(0, before)).rejects.toMatchObject({ code: "invalid_credentials" });
    await enter(0, after);
    const audit = await db().auditEntry.findMany({ where: { objectId: student(0).id, actorId: { not: null } } });
    expect(audit).toMatchObject([{ action: "identity.password_changed", details: { ended: 1 } }]);
    expect(await noticesTo(0)).toEqual(["passwordChanged"]);
  });

  it("needs the one before, another one after, and what the rules ask", async () => {
    const here = await session(1);
    const change = (current: string, password: string) => changePassword(ctx(1, here), { current, password });
    await expect(change("not it at all", after)).rejects.toMatchObject({
      errors: [{ path: "current", code: "wrong" }],
    });
    await expect(change(before, before)).rejects.toMatchObject({ errors: [{ path: "password", code: "same" }] });
    await expect(change(before, "Password123!")).rejects.toMatchObject({ errors: [{ code: "tooCommon" }] });
    await expect(change(before, "short one")).rejects.toMatchObject({
      errors: [{ code: "tooShort", message: { values: { least: 10 } } }],
    });
    await enter(1, before);
    expect(await noticesTo(1)).toEqual([]);
  });

  it("asks teachers for 15 characters, whatever the school sets", async () => {
    const teacher = at(school.teachers, 0);
    const opened = await transaction((tx) => openSession(tx, teacher.id, new Date()));
    const context = withSession(contextOf(teacher), opened);
    await expect(changePassword(context, { current: before, password: "fourteen chars" })).rejects.toMatchObject({
      errors: [{ code: "tooShort", message: { values: { least: 15 } } }],
    });
  });

  it("happens once when two sessions change it at the same moment", async () => {
    const sessions = [await session(2), await session(2)];
    const outcomes = await Promise.allSettled(
      sessions.map((each, n) => changePassword(ctx(2, each), { current: before, password: `${after} ${n}` })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "session_revoked" } });
  });

  it("is not for guessing: after ten wrong ones even the right one waits, and says how long", async () => {
    const here = await session(3);
    const change = (current: string) => changePassword(ctx(3, here), { current, password: after });
    for (let n = 0; n < 10; n++) await expect(change(`wrong ${n}`)).rejects.toMatchObject({ code: "invalid_request" });
    const refused: unknown = await change(before).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "too_many_attempts", status: 429 });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(14 * 60);
    expect(retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
    await forgetAllTries();
    await change(before);
  });
});

describe("a password that an import gave", () => {
  it("is replaced by one of the person's own, once", async () => {
    await db().user.update({ where: { id: student(4).id }, data: { passwordInitial: true } });
    const here = await session(4);
    expect(await hasInitialPassword(ctx(4, here))).toBe(true);
    await expect(chooseFirstPassword(ctx(4, here), { password: before })).rejects.toMatchObject({
      errors: [{ code: "same" }],
    });
    await chooseFirstPassword(ctx(4, here), { password: after });
    expect(await hasInitialPassword(ctx(4, here))).toBe(false);
    await enter(4, after);
    await expect(chooseFirstPassword(ctx(4, here), { password: `${after}!` })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the list of one's sessions", () => {
  it("names devices, this one first, and no other's", async () => {
    const phone = await session(5, "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0");
    const here = await session(5, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36");
    const quiet = await session(5, "curl/8.14");
    await session(6);
    await rotateRefreshToken(call(), phone.refreshToken);
    const list = await mySessions(ctx(5, here), { locale: "en" });
    expect(list.map(({ id, name, isThis }) => [id, name, isThis])).toEqual([
      [here.sessionId, "Chrome on Linux", true],
      [phone.sessionId, "Firefox on Android", false],
      [quiet.sessionId, null, false],
    ]);
    expect(list[1]?.lastSeenAt).not.toBe(list[1]?.since);
  });

  it("ends one, then all others, and never another person's", async () => {
    const [here, one, two, other] = [await session(6), await session(6), await session(6), await session(5)];
    await endSession(ctx(6, here), { id: one.sessionId });
    await expect(refuseRevoked(one.sessionId)).rejects.toMatchObject({ code: "session_revoked" });
    for (const id of [one.sessionId, other.sessionId, "none"])
      await expect(endSession(ctx(6, here), { id })).rejects.toMatchObject({ code: "not_found" });
    expect(await endOtherSessions(ctx(6, here))).toBeGreaterThanOrEqual(1);
    await expect(refuseRevoked(two.sessionId)).rejects.toMatchObject({ code: "session_revoked" });
    await refuseRevoked(here.sessionId);
    await refuseRevoked(other.sessionId);
    expect(await mySessions(ctx(6, here), { locale: "en" })).toHaveLength(1);
  });

  it("has no session that the same browser has replaced", async () => {
    const [old, anew] = [await session(7), await session(7)];
    await endReplacedSession(call(), { refreshToken: old.refreshToken, by: anew.sessionId });
    await endReplacedSession(call(), { refreshToken: anew.refreshToken, by: anew.sessionId });
    await endReplacedSession(call(), { refreshToken: "no token", by: anew.sessionId });
    expect((await mySessions(ctx(7, anew), { locale: "en" })).map(({ id }) => id)).toEqual([anew.sessionId]);
  });
});

const student = (index: number) => at(school.students, index);
const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
const enter = (index: number, password: string) =>
  signIn(call(), loginInput.parse({ email: student(index).email, password }));

async function session(index: number, userAgent: string | null = "Mozilla/5.0"): Promise<SessionTokens> {
  const opened = await transaction((tx) => openSession(tx, student(index).id, new Date(), null, userAgent));
  if (!opened) throw new Error("no session");
  return opened;
}

function ctx(index: number, session: SessionTokens): Context {
  return withSession(contextOf(student(index)), session);
}

function withSession(context: Context, session: SessionTokens | null): Context {
  return { ...context, actor: { ...context.actor, sessionId: session?.sessionId ?? "" } };
}

async function noticesTo(index: number): Promise<string[]> {
  const jobs = await db().$queryRaw<{ payload: { userId: string; what: string } }[]>`
    SELECT payload FROM graphile_worker._private_jobs WHERE payload->>'userId' = ${student(index).id}`;
  return jobs.map(({ payload }) => payload.what);
}
