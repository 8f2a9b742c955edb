import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool } from "@/tests/support/school";
import { deleteOldInvitations } from "./delete-old-invitations";

const { prisma, pool } = await testDatabase();
const student = at((await buildSchool(prisma, { students: 1 })).students, 0);
const round = { now: new Date(), signal: new AbortController().signal };
const left = async () => (await prisma.invitation.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id);

describe("invitations", () => {
  beforeEach(() => pool.query("TRUNCATE invitation"));

  it("go 30 days after their time was over, used or not; those that work stay", async () => {
    await pool.query(
      `INSERT INTO invitation (id, user_id, token_hash, expires_at, used_at)
       SELECT id, $1, decode(md5(id), 'hex'), now() - expired * interval '1 day', now() - used * interval '1 day'
       FROM (VALUES ('expired', 31, NULL), ('used', 31, 40), ('expired lately', 29, NULL), ('used lately', 29, 31),
                    ('works', -3, NULL)) AS i(id, expired, used)`,
      [student.id],
    );
    expect(await deleteOldInvitations(prisma, round)).toBe(2);
    expect(await left()).toEqual(["expired lately", "used lately", "works"]);
  });

  it("go in any number, also when two workers do it at once", async () => {
    await pool.query(
      `INSERT INTO invitation (id, user_id, token_hash, expires_at)
       SELECT n, $1, decode(md5(n::text), 'hex'), now() - interval '31 days' FROM generate_series(1, 4100) AS n`,
      [student.id],
    );
    const [first, second] = await Promise.all([
      deleteOldInvitations(prisma, round),
      deleteOldInvitations(prisma, round),
    ]);
    expect(first + second).toBe(4_100);
    expect(await left()).toEqual([]);
  });
});
