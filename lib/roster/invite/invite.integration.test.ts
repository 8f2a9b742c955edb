import { describe, expect, it } from "vitest";
import { createMailedInvitation } from "@/lib/identity/invitations/invitation-mail";
import { acceptInvitation, findInvitation } from "@/lib/identity/invitations/invitations";
import { leftToDo } from "@/lib/identity/setup/left-to-do";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { mailLinks } from "./mail-links";
import { makeLinks } from "./make-links";
import { uninvited } from "./uninvited";

const { prisma: client, pool } = await testDatabase();
const call = { requestId: "test", now: new Date(), source: "web" as const, address: null };

/** A school whose two students, guardian and teacher have no password; the second student is in no class. */
async function scene() {
  const school = await buildSchool(client, {
    students: 2,
    teachers: 1,
    guardiansOf: [0],
    sections: [{ enrolled: [0], teachers: [0] }],
  });
  const ctx = contextOf(school.admin);
  const waiting = { schoolId: school.school.id, id: { not: school.admin.id } };
  await client.user.updateMany({ where: waiting, data: { passwordHash: null } });
  await client.user.update({ where: { id: school.admin.id }, data: { passwordHash: "$argon2id$" } });
  const ask = (more: Partial<Parameters<typeof makeLinks>[1]> = {}) =>
    makeLinks(ctx, { whom: "students", classId: undefined, again: false, ...more }, client);
  return { school, ctx, ask };
}
const tokenOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? "";
const emails = (links: { email: string }[]) => links.map(({ email }) => email).sort();

describe("links for people without a password", () => {
  it("are counted by group and class, and made for a group, a class, or its guardians", async () => {
    const { school, ctx, ask } = await scene();
    const [student, other] = [at(school.students, 0), at(school.students, 1)];
    const classId = at(school.sections, 0).id;
    expect(await uninvited(ctx, client)).toMatchObject({
      groups: {
        staff: { waiting: 1, linked: 0 },
        students: { waiting: 2, linked: 0 },
        guardians: { waiting: 1, linked: 0 },
      },
      classes: [{ id: classId, students: 1 }],
    });
    expect(await leftToDo(ctx, client)).toEqual({ awaitsRoster: false, uninvited: 4 });
    expect(emails((await ask({ classId })).links)).toEqual([student.email]);
    expect(emails((await ask({ whom: "guardians", classId })).links)).toEqual([at(school.guardians, 0).email]);
    expect(emails((await ask()).links)).toEqual([other.email]);
    expect(emails((await ask({ whom: "staff" })).links)).toEqual([at(school.teachers, 0).email]);
    expect((await ask()).links).toEqual([]);
    expect(await leftToDo(ctx, client)).toEqual({ awaitsRoster: false, uninvited: 0 });
  });

  it("work once, end when they are made again, and last 7 days for staff and 30 for others", async () => {
    const { school, ask } = await scene();
    const first = await ask();
    const again = await ask({ again: true });
    expect(again.links).toHaveLength(2);
    expect(await findInvitation(tokenOf(at(first.links, 0)), client)).toBeNull();
    const link = at(again.links, 0);
    await acceptInvitation(call, { token: tokenOf(link), password: "seven quiet rivers bend" }, client);
    expect(await findInvitation(tokenOf(link), client)).toBeNull();
    expect(emails((await ask({ again: true })).links)).toEqual([at(again.links, 1).email]);
    await ask({ whom: "staff" });
    const { rows } = await pool.query<{ days: number; id: string }>(
      "SELECT user_id AS id, round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days FROM invitation WHERE used_at IS NULL",
    );
    const days = new Map(rows.map((row) => [row.id, row.days]));
    expect(days.get(at(school.teachers, 0).id)).toBe(7);
    expect([...days.values()].sort((a, b) => a - b).at(-1)).toBe(30);
  });

  it("are mailed by jobs, each once, with a link that is made when the mail is", async () => {
    const { school, ctx, ask } = await scene();
    await pool.query("DELETE FROM graphile_worker._private_jobs");
    const mail = () => mailLinks(ctx, { whom: "students", classId: undefined, again: false }, client);
    expect(await mail()).toEqual({ mailed: 2, more: false });
    expect(await mail()).toEqual({ mailed: 0, more: false });
    expect((await ask()).links).toEqual([]);
    const { rows } = await pool.query<{ userId: string }>(
      `SELECT payload->>'userId' AS "userId" FROM graphile_worker._private_jobs ORDER BY 1`,
    );
    expect(rows.map(({ userId }) => userId)).toEqual(school.students.map(({ id }) => id).sort());
    const student = at(school.students, 0);
    const [first, second] = [
      await createMailedInvitation(student.id, client),
      await createMailedInvitation(student.id, client),
    ];
    expect([first?.days, second?.days]).toEqual([30, 30]);
    expect(await findInvitation(first?.token ?? "", client)).toBeNull();
    await acceptInvitation(call, { token: second?.token ?? "", password: "seven quiet rivers bend" }, client);
    expect(await createMailedInvitation(student.id, client)).toBeNull();
  });

  it("are of the own school alone, and no token is written down", async () => {
    const { school } = await scene();
    const { ask, ctx } = await scene();
    const foreign = await ask({ classId: at(school.sections, 0).id });
    expect(foreign).toEqual({ links: [], more: false });
    const { links } = await ask();
    const { rows } = await pool.query<{ row: string }>(
      "SELECT i::text AS row FROM invitation i UNION ALL SELECT a::text FROM audit_entry a",
    );
    for (const link of links) for (const { row } of rows) expect(row).not.toContain(tokenOf(link));
    const made = await client.auditEntry.findMany({
      where: { schoolId: ctx.actor.schoolId, action: "identity.links_made" },
    });
    expect(made.map(({ details }) => details)).toEqual([{ count: 2, whom: "students", classId: null }]);
  });
});
