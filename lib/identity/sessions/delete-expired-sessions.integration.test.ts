import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool } from "@/tests/support/school";
import { deleteExpiredSessions, deleteExpiredTokens } from "./delete-expired-sessions";

const { prisma, pool } = await testDatabase();
const school = await buildSchool(prisma, { students: 1 });
const student = at(school.students, 0);
const now = new Date();
const round = { now, signal: new AbortController().signal };
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

const token = async (sessionId: string, expiredDaysAgo: number, usedAt: Date | null = null) => {
  const id = newId();
  const expiresAt = daysAgo(expiredDaysAgo);
  await prisma.refreshToken.create({ data: { id, sessionId, tokenHash: Buffer.from(id), expiresAt, usedAt } });
  return id;
};
const session = async (expiredDaysAgo: number) => {
  const id = newId();
  const expiresAt = daysAgo(expiredDaysAgo);
  await prisma.authSession.create({ data: { id, userId: student.id, schoolId: student.schoolId, expiresAt } });
  return { id, tokenId: await token(id, expiredDaysAgo) };
};
const left = async () => ({
  sessions: (await prisma.authSession.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id),
  tokens: (await prisma.refreshToken.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id),
});

describe("sessions and their tokens", () => {
  beforeEach(() => pool.query("TRUNCATE refresh_token, auth_session"));

  it("deletes sessions that expired long ago with their tokens, and keeps the others", async () => {
    await session(30);
    const kept = [await session(1), await session(-10)];
    expect(await deleteExpiredTokens(prisma, round)).toBe(1);
    expect(await deleteExpiredSessions(prisma, round)).toBe(1);
    expect(await left()).toEqual({ sessions: kept.map(({ id }) => id), tokens: kept.map(({ tokenId }) => tokenId) });
    expect(await deleteExpiredSessions(prisma, round)).toBe(0);
  });

  it("keeps the spent tokens of a living session while their owner could present them, and a week longer", async () => {
    const living = await session(-1);
    await token(living.id, 8, daysAgo(20));
    await token(living.id, 8);
    const kept = [await token(living.id, 6, daysAgo(20)), await token(living.id, -13, daysAgo(0))];
    expect(await deleteExpiredTokens(prisma, round)).toBe(2);
    expect(await left()).toEqual({ sessions: [living.id], tokens: [living.tokenId, ...kept] });
  });

  it("waits for nobody: what a request holds stays with its session until the next round", async () => {
    const held = await session(30);
    await session(30);
    const request = await pool.connect();
    await request.query("BEGIN");
    await request.query("SELECT 1 FROM refresh_token WHERE id = $1 FOR UPDATE", [held.tokenId]);
    expect(await deleteExpiredTokens(prisma, round)).toBe(1);
    expect(await deleteExpiredSessions(prisma, round)).toBe(1);
    await request.query("ROLLBACK");
    request.release();
    expect(await left()).toEqual({ sessions: [held.id], tokens: [held.tokenId] });
    expect(await deleteExpiredTokens(prisma, round)).toBe(1);
    expect(await deleteExpiredSessions(prisma, round)).toBe(1);
  });

  it("deletes any number, also when two workers do it at once", async () => {
    await pool.query(
      `INSERT INTO auth_session (id, user_id, school_id, expires_at)
       SELECT n, $1, $2, now() - interval '8 days' FROM generate_series(1, 4500) AS n`,
      [student.id, student.schoolId],
    );
    await pool.query(
      `INSERT INTO refresh_token (id, session_id, token_hash, expires_at)
       SELECT id, id, decode(md5(id), 'hex'), expires_at FROM auth_session`,
    );
    const tokens = await Promise.all([deleteExpiredTokens(prisma, round), deleteExpiredTokens(prisma, round)]);
    const sessions = await Promise.all([deleteExpiredSessions(prisma, round), deleteExpiredSessions(prisma, round)]);
    expect([tokens[0] + tokens[1], sessions[0] + sessions[1]]).toEqual([4_500, 4_500]);
    expect(await left()).toEqual({ sessions: [], tokens: [] });
  });
});
