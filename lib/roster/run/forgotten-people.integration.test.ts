import { beforeAll, describe, expect, it } from "vitest";
import { forgetEndedPeople } from "@/lib/identity/people/forget-people";
import { createInvitations, findInvitation } from "@/lib/identity/invitations/invitations";
import { peopleByIds } from "@/lib/identity/people/people";
import { openSession } from "@/lib/identity/sessions/sessions";
import { deleteInboxesOfForgotten, removeDevicesOfFormerPeople } from "@/lib/notification/former-people";
import { db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { newId } from "@/lib/shared/ids";
import { ROSTER_NOW, rosterSchool } from "@/tests/support/roster-school";

const DAY_MS = 86_400_000;
const after = (days: number) => new Date(ROSTER_NOW.getTime() + days * DAY_MS);
const deleted = (sourcedId: string) => ({ sourcedId, status: "tobedeleted" });

/** A school in which the student `zq-leaver` has all that a person can have. */
async function schoolWithLeaver(tag: string) {
  const campus = rosterSchool(tag);
  const id = `zq-leaver-${tag}`;
  const person = { givenName: `Zyx${tag}`, familyName: `Quillfeather${tag}`, email: `zyx.quill@${tag}.example.edu` };
  const row = campus.user(id, "student", { ...person, agentSourcedIds: "g1" });
  const users = [...campus.whole.users, row];
  const seat = campus.seat("a", id);
  await campus.run({ ...campus.whole, users, enrollments: [...campus.whole.enrollments, seat] });
  const stored = await campus.person(id);
  const section = await campus.section("a");
  const schoolId = stored.schoolId;
  await db().user.update({ where: { id: stored.id }, data: { passwordHash: "$argon2id$test", passwordShared: true } });
  await transaction((tx) => openSession(tx, stored.id, ROSTER_NOW));
  const [invited] = await transaction((tx) => createInvitations(tx, [stored.id]));
  const subscription = { id: newId(), schoolId, userId: stored.id, endpoint: `https://push.example/${tag}` };
  await db().pushSubscription.create({ data: { ...subscription, p256dh: "k", auth: "a", vapidPublicKey: "v" } });
  const notification = { id: newId(), schoolId, userId: stored.id, eventId: newId(), topic: newId(), data: {} };
  await db().notification.create({ data: { ...notification, category: "ABSENCE", kind: "attendance_marked_absent" } });
  await db().notificationDelivery.create({
    data: {
      id: newId(),
      notificationId: notification.id,
      subscriptionId: subscription.id,
      channel: "webPush",
      expiresAt: after(1),
    },
  });
  await db().notificationSetting.create({ data: { userId: stored.id, quietStart: "22:00" } });
  await db().notificationPreference.create({
    data: { userId: stored.id, category: "ABSENCE", channel: "webPush", enabled: false },
  });
  const classSessionId = section.classSessions[0]?.id ?? "";
  const mark = { id: newId(), schoolId, classSessionId, studentId: stored.id, status: "ABSENT" as const };
  await db().attendanceRecord.create({ data: { ...mark, markedAt: ROSTER_NOW, markedById: "somebody" } });
  const secrets = [id, ...Object.values(person)];
  return { ...campus, id, row, stored, token: invited?.token ?? "", mark, secrets, schoolId };
}

/** Every table as text. */
async function everything(): Promise<string> {
  const tables = await db().$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  const dumps = tables.map(({ name }) => `SELECT string_agg(t::text, E'\n') AS text FROM "${name}" t`);
  const rows = await db().$queryRawUnsafe<{ text: string | null }[]>(dumps.join(" UNION ALL "));
  return rows.map(({ text }) => text ?? "").join("\n");
}

const storedAs = (id: string) => db().user.findUniqueOrThrow({ where: { id }, include: { sessions: true } });

describe("a person who is deleted", () => {
  let campus: Awaited<ReturnType<typeof schoolWithLeaver>>;
  beforeAll(async () => {
    campus = await schoolWithLeaver("leaver");
    await campus.run({ users: [deleted(campus.id)] });
    await removeDevicesOfFormerPeople(db());
  });

  it("has neither password nor session, invitation, device or address at once; the name stays for now", async () => {
    const user = await storedAs(campus.stored.id);
    expect(user).toMatchObject({
      active: false,
      passwordHash: null,
      passwordShared: false,
      familyName: "Quillfeatherleaver",
    });
    expect(user.email).toMatch(/@no-email\.invalid$/);
    expect(user.sessions.map(({ revokedReason }) => revokedReason)).toEqual(["account_ended"]);
    expect(await findInvitation(campus.token)).toBeNull();
    expect(await db().invitation.count({ where: { userId: user.id } })).toBe(0);
    expect(await db().pushSubscription.count({ where: { userId: user.id } })).toBe(0);
    const [delivery] = await db().notificationDelivery.findMany({ where: { notification: { userId: user.id } } });
    expect(delivery).toMatchObject({ state: "GONE", reason: "account_ended" });
    const audited = await db().auditEntry.findMany({ where: { objectId: user.id, action: "identity.person_ended" } });
    expect(audited).toHaveLength(1);
  });

  it("is the same person again when a roster brings them back within the school's retention", async () => {
    expect(await forgetEndedPeople(db(), after(364))).toBe(0);
    await campus.run({ users: [campus.row] }, { now: after(364) });
    const user = await campus.person(campus.id);
    expect(user).toMatchObject({ id: campus.stored.id, active: true, endedAt: null, email: campus.row["email"] });
    expect(user.passwordHash).toBeNull();
    expect(await forgetEndedPeople(db(), after(800))).toBe(0);
  });
});

describe("after the school's retention", () => {
  it("nothing names the person any more; marks stay with a former student, and the sourcedId makes a new person", async () => {
    const campus = await schoolWithLeaver("forgotten");
    await campus.run({ users: [deleted(campus.id)] });
    await removeDevicesOfFormerPeople(db());
    expect(await everything()).toContain("Quillfeatherforgotten");
    expect(await forgetEndedPeople(db(), after(366))).toBe(1);
    expect(await deleteInboxesOfForgotten(db())).toBe(1);
    const left = await everything();
    for (const secret of campus.secrets) expect(left).not.toContain(secret);
    const { id } = campus.stored;
    expect((await peopleByIds(db(), campus.schoolId, [id])).get(id)?.name).toBe("Former student");
    expect(await storedAs(id)).toMatchObject({
      sourcedId: null,
      passwordHash: null,
      sessions: [],
      forgottenAt: after(366),
    });
    expect(await db().attendanceRecord.findUnique({ where: { id: campus.mark.id } })).toMatchObject({
      studentId: id,
      status: "ABSENT",
    });
    expect((await campus.section("a")).enrollments.some(({ studentId }) => studentId === id)).toBe(true);
    for (const count of await Promise.all([
      db().guardianship.count({ where: { studentId: id } }),
      db().notificationSetting.count({ where: { userId: id } }),
      db().notificationPreference.count({ where: { userId: id } }),
    ]))
      expect(count).toBe(0);
    const audited = await db().auditEntry.findMany({ where: { objectId: id, action: "identity.person_forgotten" } });
    expect(audited).toMatchObject([{ actorId: "retention", source: "worker", details: {} }]);
    expect(await forgetEndedPeople(db(), after(367))).toBe(0);

    const report = await campus.run({ users: [campus.row] }, { now: after(367) });
    expect(report.tallies.users).toMatchObject({ created: 1, changed: 0 });
    expect((await campus.person(campus.id)).id).not.toBe(id);
    expect(await storedAs(id)).toMatchObject({ active: false, givenName: "Former student" });
  });

  it("follows what the school has set, and calls people by what they were", async () => {
    const campus = rosterSchool("short");
    await campus.run(campus.whole);
    const people = await Promise.all(["s1", "t1", "g1"].map((id) => campus.person(id)));
    await campus.run({ users: ["s1", "t1", "g1"].map(deleted) });
    const schoolId = people[0]?.schoolId ?? "";
    await db().school.update({ where: { id: schoolId }, data: { formerPeopleDays: 2 } });
    expect(await forgetEndedPeople(db(), after(1))).toBe(0);
    expect(await forgetEndedPeople(db(), after(2))).toBe(3);
    const names = await peopleByIds(
      db(),
      schoolId,
      people.map(({ id }) => id),
    );
    expect(people.map(({ id }) => names.get(id)?.name)).toEqual([
      "Former student",
      "Former teacher",
      "Former guardian",
    ]);
  });

  it("waits while a roster of the school is being imported", async () => {
    const campus = rosterSchool("busy");
    await campus.run(campus.whole);
    const { schoolId } = await campus.person("s1");
    await campus.run({ users: [deleted("s1")] });
    await transaction(async (tx) => {
      await lockEntities(tx, "school", [schoolId]);
      expect(await forgetEndedPeople(db(), after(400))).toBe(0);
    });
    expect(await forgetEndedPeople(db(), after(400))).toBe(1);
  });
});
