import { beforeAll, describe, expect, it } from "vitest";
import { POST as refreshRoute } from "@/app/api/token/refresh/route";
import { db, Prisma, transaction } from "@/lib/platform/db/client";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { revokeSessionsOf } from "./revoke-sessions";
import { openSession } from "./sessions";

let school: TestSchool;
beforeAll(async () => {
  school = await buildSchool(db(), { students: 8 });
});

const userId = (index: number) => school.students[index]?.id ?? "";

async function open(index: number) {
  const tokens = await transaction((tx) => openSession(tx, userId(index), new Date()));
  if (!tokens) throw new Error("no session");
  return tokens;
}

async function refresh(refreshToken: string, key: string | null, more: Record<string, unknown> = {}) {
  const request = new Request("http://localhost/api/token/refresh", {
    method: "POST",
    headers: { "content-type": "application/json", ...(key === null ? {} : { "idempotency-key": key }) },
    body: JSON.stringify({ refreshToken, ...more }),
  });
  const answer = await refreshRoute(request, { params: Promise.resolve({}) });
  const bytes = await answer.text();
  return { status: answer.status, bytes, ...(JSON.parse(bytes) as { code?: string; refreshToken: string }) };
}

const isRevoked = async (sessionId: string) =>
  (await db().authSession.findUniqueOrThrow({ where: { id: sessionId } })).revokedAt !== null;

/** Dates what was spent back, as if that time had passed by the database's clock. */
async function secondsPass(seconds: number): Promise<void> {
  const by = Prisma.sql`${seconds}::float8 * interval '1 second'`;
  await db().$executeRaw`UPDATE refresh_token SET used_at = used_at - ${by}`;
  await db().$executeRaw`UPDATE idempotency_key SET created_at = created_at - ${by}`;
}

describe("a refresh that comes again with its key", () => {
  it("gets the same bytes for 60 s, whose tokens are good", async () => {
    const first = await open(0);
    const pair = await refresh(first.refreshToken, "r1");
    expect(pair.status).toBe(200);
    await secondsPass(30);
    expect((await refresh(first.refreshToken, "r1")).bytes).toBe(pair.bytes);
    await secondsPass(25);
    expect((await refresh(first.refreshToken, "r1")).bytes).toBe(pair.bytes);
    expect((await refresh(pair.refreshToken, "r2")).status).toBe(200);
    expect(await isRevoked(first.sessionId)).toBe(false);
  });

  it("is a spent token after 60 s, and ends the family", async () => {
    const first = await open(1);
    const pair = await refresh(first.refreshToken, "late");
    await secondsPass(61);
    expect(await refresh(first.refreshToken, "late")).toMatchObject({ status: 401, code: "refresh_token_reused" });
    expect(await refresh(pair.refreshToken, "next")).toMatchObject({ status: 401, code: "session_revoked" });
  });

  it.each([
    ["another key", "other", {}],
    ["no key", null, {}],
    ["another body", "mine", { more: 1 }],
  ])("is a spent token at once with %s", async (_what, key, more) => {
    const first = await open(2);
    expect((await refresh(first.refreshToken, "mine")).status).toBe(200);
    expect(await refresh(first.refreshToken, key, more)).toMatchObject({ status: 401, code: "refresh_token_reused" });
    expect(await isRevoked(first.sessionId)).toBe(true);
    await db().$executeRaw`DELETE FROM idempotency_key WHERE user_id = ${userId(2)}`;
  });

  it("of thirty at once all get one pair, and one token was made", async () => {
    const first = await open(3);
    const pairs = await Promise.all(Array.from({ length: 30 }, () => refresh(first.refreshToken, "race")));
    expect(new Set(pairs.map(({ status, bytes }) => `${status} ${bytes}`)).size).toBe(1);
    expect(pairs[0]?.status).toBe(200);
    expect(await db().refreshToken.count({ where: { sessionId: first.sessionId } })).toBe(2);
    expect(await isRevoked(first.sessionId)).toBe(false);
  });

  it("beside one without the key: whoever came first, the family ends when the other is no repetition", async () => {
    const first = await open(4);
    const answers = await Promise.all([refresh(first.refreshToken, "beside"), refresh(first.refreshToken, null)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await isRevoked(first.sessionId)).toBe(true);
  });

  it("gets nothing of a session that ended meanwhile", async () => {
    const first = await open(5);
    await refresh(first.refreshToken, "ended");
    await transaction((tx) => revokeSessionsOf(tx, [userId(5)], "account_ended"));
    expect(await refresh(first.refreshToken, "ended")).toMatchObject({ status: 401, code: "session_revoked" });
  });

  it("spends nothing when its key was used with another token", async () => {
    const first = await open(6);
    const pair = await refresh(first.refreshToken, "once");
    expect(await refresh(pair.refreshToken, "once")).toMatchObject({ status: 422, code: "idempotency_key_reused" });
    expect((await refresh(pair.refreshToken, "twice")).status).toBe(200);
  });

  it("keeps no refusal", async () => {
    expect(await refresh("nonsense", "refused")).toMatchObject({ status: 401, code: "refresh_token_invalid" });
    const first = await open(6);
    expect((await refresh(first.refreshToken, "refused")).status).toBe(200);
  });

  it("leaves no token in the database that anybody could use", async () => {
    const first = await open(7);
    const pair = await refresh(first.refreshToken, "sealed");
    const [row] = await db().$queryRaw<{ answer: string }[]>`
      SELECT answer FROM idempotency_key WHERE user_id = ${userId(7)} AND key = 'sealed'`;
    const stored = `${row?.answer} ${Buffer.from(row?.answer ?? "", "base64url").toString("latin1")}`;
    expect(stored.length).toBeGreaterThan(200);
    for (const secret of [pair.refreshToken, first.refreshToken, "accessToken", "refreshToken"])
      expect(stored).not.toContain(secret);
  });
});
