import { beforeAll, describe, expect, it } from "vitest";
import { db, Prisma, transaction } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { verifyAccessToken } from "./access-token";
import { refuseRevoked } from "./revocations";
import { revokeSessionsOf, signOut } from "./revoke-sessions";
import { renewBrowserSession, rotateRefreshToken } from "./rotate-refresh-token";
import { openSession } from "./sessions";

const DAY = 86_400;
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 2 });
});

describe("rotateRefreshToken", () => {
  it("spends a token for a new pair of the same session", async () => {
    const first = await open();
    await secondsPass(60);
    const second = await rotateRefreshToken(ctx(), first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const third = await rotateRefreshToken(ctx(), second.refreshToken);
    expect(await verifyAccessToken(third.accessToken)).toMatchObject({ sessionId: first.sessionId });
  });

  it("revokes the whole family when a spent token comes again", async () => {
    const first = await open();
    const second = await rotateRefreshToken(ctx(), first.refreshToken);
    await expect(rotateRefreshToken(ctx(), first.refreshToken)).rejects.toMatchObject({
      code: "refresh_token_reused",
    });
    await expect(rotateRefreshToken(ctx(), second.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
    await expect(refuseRevoked(first.sessionId)).rejects.toMatchObject({ code: "session_revoked" });
    const row = await db().authSession.findUniqueOrThrow({ where: { id: first.sessionId } });
    expect(row).toMatchObject({ revokedReason: "refresh_token_reused" });
    expect(await db().auditEntry.count({ where: { action: "identity.refresh_token_reused", objectId: row.id } })).toBe(
      1,
    );
  });

  it("of twenty at once with one token lets one win, and takes the others for theft", async () => {
    const first = await open();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => rotateRefreshToken(ctx(), first.refreshToken)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "refresh_token_reused" });
    expect(await db().refreshToken.count({ where: { sessionId: first.sessionId } })).toBe(2);
  });

  it("refuses an unknown token, and one that expired unused", async () => {
    await expect(rotateRefreshToken(ctx(), "nonsense")).rejects.toMatchObject({ code: "refresh_token_invalid" });
    const first = await open();
    await secondsPass(14 * DAY - 5);
    const second = await rotateRefreshToken(ctx(), first.refreshToken);
    await secondsPass(14 * DAY);
    await expect(rotateRefreshToken(ctx(), second.refreshToken)).rejects.toMatchObject({
      code: "refresh_token_expired",
    });
    expect((await db().authSession.findUniqueOrThrow({ where: { id: first.sessionId } })).revokedAt).toBeNull();
  });

  it("ends thirty days after the sign-in, however often it is renewed", async () => {
    let tokens = await open();
    for (let round = 0; round < 2; round++) {
      await secondsPass(13 * DAY);
      tokens = await rotateRefreshToken(ctx(), tokens.refreshToken);
    }
    expect(tokens.refreshExpiresIn / DAY).toBeCloseTo(4, 2);
    await secondsPass(4 * DAY);
    await expect(rotateRefreshToken(ctx(), tokens.refreshToken)).rejects.toMatchObject({
      code: "refresh_token_expired",
    });
  });

  it("refuses everybody whose account ended, and gives changed roles to the others", async () => {
    const [stays, leaves] = [await open(0), await open(1)];
    await db().user.update({ where: { id: userId(0) }, data: { roles: ["STUDENT", "TEACHER"] } });
    await db().user.update({ where: { id: userId(1) }, data: { active: false } });
    await expect(rotateRefreshToken(ctx(), leaves.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
    const renewed = await rotateRefreshToken(ctx(), stays.refreshToken);
    expect((await verifyAccessToken(renewed.accessToken)).roles).toEqual(["STUDENT", "TEACHER"]);
    await db().user.update({ where: { id: userId(1) }, data: { active: true } });
  });
});

describe("renewBrowserSession", () => {
  it("gives parallel requests a pair each, of which any goes on", async () => {
    const first = await open();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => renewBrowserSession(ctx(), first.refreshToken)),
    );
    expect(outcomes.filter(({ kind }) => kind === "rotated")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "graced")).toHaveLength(9);
    expect(new Set(outcomes.map(({ tokens }) => tokens.refreshToken)).size).toBe(10);
    await secondsPass(700);
    for (const { tokens } of outcomes)
      await expect(renewBrowserSession(ctx(), tokens.refreshToken)).resolves.toMatchObject({ kind: "rotated" });
    expect((await db().authSession.findUniqueOrThrow({ where: { id: first.sessionId } })).revokedAt).toBeNull();
  });

  it("lets a browser go on to which the answer with the new pair never came", async () => {
    const first = await open();
    await renewBrowserSession(ctx(), first.refreshToken); // its cookies are lost on the way
    await secondsPass(5);
    const again = await renewBrowserSession(ctx(), first.refreshToken);
    await secondsPass(700);
    const later = await renewBrowserSession(ctx(), again.tokens.refreshToken);
    expect(await verifyAccessToken(later.tokens.accessToken)).toMatchObject({ sessionId: first.sessionId });
  });

  it("takes a spent token that comes after ten seconds for theft, and ends all pairs", async () => {
    const first = await open();
    await renewBrowserSession(ctx(), first.refreshToken);
    await secondsPass(5);
    const graced = await renewBrowserSession(ctx(), first.refreshToken);
    expect(graced.kind).toBe("graced");
    await secondsPass(5);
    await expect(renewBrowserSession(ctx(), first.refreshToken)).rejects.toMatchObject({
      code: "refresh_token_reused",
    });
    await expect(renewBrowserSession(ctx(), graced.tokens.refreshToken)).rejects.toMatchObject({
      code: "session_revoked",
    });
  });

  it("gives no grace to a session that was signed out meanwhile", async () => {
    const first = await open();
    await renewBrowserSession(ctx(), first.refreshToken);
    await signOut({ ...ctx(), actor: { userId: userId(0), schoolId: "x", roles: [], sessionId: first.sessionId } });
    await expect(renewBrowserSession(ctx(), first.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
  });
});

describe("revokeSessionsOf", () => {
  it("ends all sessions of these people and of nobody else, once", async () => {
    const [mine, other] = [await open(0), await open(1)];
    const ended = await transaction((tx) => revokeSessionsOf(tx, [userId(0)], "roles_changed"));
    expect(ended).toContain(mine.sessionId);
    expect(ended).not.toContain(other.sessionId);
    expect(await transaction((tx) => revokeSessionsOf(tx, [userId(0)], "roles_changed"))).toEqual([]);
    await expect(rotateRefreshToken(ctx(), mine.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
  });

  it("waits for a rotation that is under way and ends its new pair as well", async () => {
    const first = await open(1);
    const rotations = Promise.allSettled([rotateRefreshToken(ctx(), first.refreshToken)]);
    await transaction((tx) => revokeSessionsOf(tx, [userId(1)], "account_ended"));
    const [outcome] = await rotations;
    if (outcome?.status === "fulfilled")
      await expect(rotateRefreshToken(ctx(), outcome.value.refreshToken)).rejects.toMatchObject({
        code: "session_revoked",
      });
    expect((await db().authSession.findUniqueOrThrow({ where: { id: first.sessionId } })).revokedAt).not.toBeNull();
  });
});

function userId(index: number): string {
  const student = school.students[index];
  if (!student) throw new Error(`no student ${index}`);
  return student.id;
}

function ctx() {
  return { requestId: newId(), now: new Date(), source: "api" as const };
}

/** Dates all sessions back, as if that time had passed by the database's clock. */
async function secondsPass(seconds: number): Promise<void> {
  const by = Prisma.sql`${seconds}::int * interval '1 second'`;
  await db().$executeRaw`UPDATE auth_session SET created_at = created_at - ${by}, expires_at = expires_at - ${by}`;
  await db().$executeRaw`
    UPDATE refresh_token
    SET created_at = created_at - ${by}, expires_at = expires_at - ${by}, used_at = used_at - ${by}`;
}

async function open(index = 0) {
  const tokens = await transaction((tx) => openSession(tx, userId(index), new Date()));
  if (!tokens) throw new Error("no session");
  return tokens;
}
