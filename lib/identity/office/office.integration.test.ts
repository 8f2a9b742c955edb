// What the office does with people: finding them, letting them in, roles, ending and opening accounts, sessions, and the log of it.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { db, transaction } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import type { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf, provenContextOf, type TestSchool } from "@/tests/support/school";
import { applyPeople, planPeople, storedPeople } from "../import/import-people";
import { acceptInvitation, findInvitation } from "../invitations/invitations";
import { findPasswordReset } from "../resets/password-resets";
import { loginInput } from "../schema";
import { refuseRevoked } from "../sessions/revocations";
import { openSession } from "../sessions/sessions";
import { signIn } from "../sessions/sign-in";
import { auditLog, auditOfPerson } from "./audit-log";
import { changeRoles } from "./change-roles";
import { endAccount, reopenAccount } from "./end-account";
import { endSessionOf, endSessionsOf } from "./end-sessions";
import { findPeople, PEOPLE_ON_PAGE } from "./find-people";
import { addPerson, makeWayIn } from "./let-in";
import { schoolPerson } from "./person";
import { resetSecondFactor } from "./reset-second-factor";
import { addPersonInput, findPeopleInput } from "./schema";

const password = "the fog lifts at noon";
let school: TestSchool;
let other: TestSchool;
let inOffice: Context;
const office = () => ({ ...inOffice, now: new Date() });
const student = (n: number) => at(school.students, n);
const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
const find = (filters: Record<string, string>) => findPeople(office(), findPeopleInput.parse(filters));
const names = async (filters: Record<string, string>) => (await find(filters)).people.map(({ name }) => name);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error.code,
  );
const person = (personId: string) => schoolPerson(office(), { personId, locale: "en" });
const session = async (userId: string) =>
  (await transaction((tx) => openSession(tx, userId, new Date())))?.sessionId ?? "";
const colleague = (email: string, roles: readonly string[] = ["ADMIN"]) =>
  addPersonInput.parse({ givenName: "Ida", familyName: "Øster", email, roles });

beforeAll(async () => {
  school = await buildSchool(db(), { students: 60, teachers: 2, guardiansOf: [0, 0, 1] });
  other = await buildSchool(db(), { students: 2, guardiansOf: [0] });
  const passwordHash = await hashPassword(password);
  await db().user.updateMany({ where: { schoolId: school.school.id }, data: { passwordHash } });
});

// Anew, because some tests end sessions.
beforeEach(async () => {
  inOffice = await provenContextOf(db(), school.admin);
});

describe("finding people", () => {
  it("takes every word, in any spelling, of name and e-mail, and a percent sign as itself", async () => {
    const { personId } = await addPerson(office(), colleague("i.oster@test.campusos.example"));
    expect(await names({ q: "OSTER ida" })).toEqual(["Øster, Ida"]);
    expect(await names({ q: "i.oster@" })).toEqual(["Øster, Ida"]);
    expect(await names({ q: "ida number" })).toEqual([]);
    expect(await names({ q: "%" })).toEqual([]);
    expect(await names({ role: "ADMIN", q: "oster" })).toEqual(["Øster, Ida"]);
    expect(await names({ role: "STUDENT", q: "oster" })).toEqual([]);
    expect(await names({ state: "waiting" })).toEqual(["Øster, Ida"]);
    await endAccount(office(), { personId });
    expect(await names({ state: "ended" })).toEqual(["Øster, Ida"]);
    expect(await names({ q: "oster", role: "nothing", state: "nothing" })).toEqual(["Øster, Ida"]);
  });

  it("goes on page by page without a gap or a repeat, of the own school alone", async () => {
    const [seen, ids] = [new Set<string>(), school.students.map(({ id }) => id)];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof findPeople>> = await find({
        role: "STUDENT",
        ...(cursor ? { cursor } : {}),
      });
      expect(page.total).toBe(60);
      expect(page.people.length).toBeLessThanOrEqual(PEOPLE_ON_PAGE);
      for (const { id } of page.people) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect([...seen].sort()).toEqual(ids.sort());
    expect(await refused(find({ cursor: "no cursor" }))).toBe("invalid_request");
    expect(await refused(find({ cursor: Buffer.from("[1,2,3]").toString("base64url") }))).toBe("invalid_request");
  });
});

describe("a person", () => {
  it("is shown with relatives, sessions and how the account is", async () => {
    const open = await session(student(0).id);
    const shown = await person(student(0).id);
    expect(shown.guardians.map(({ id }) => id).sort()).toEqual([0, 1].map((n) => at(school.guardians, n).id).sort());
    expect(shown).toMatchObject({
      state: "open",
      roles: ["STUDENT"],
      rosterRoles: ["STUDENT"],
      children: [],
      isSelf: false,
    });
    expect(shown.sessions.map(({ id }) => id)).toEqual([open]);
    expect((await person(at(school.guardians, 2).id)).children.map(({ id }) => id)).toEqual([student(1).id]);
    expect(await person(school.admin.id)).toMatchObject({ isSelf: true });
  });

  it("of another school is not there for any act, and nobody but the office does any", async () => {
    const personId = at(other.students, 0).id;
    const acts = [
      (ctx = office()) => schoolPerson(ctx, { personId, locale: "en" }),
      (ctx = office()) => makeWayIn(ctx, { personId }),
      (ctx = office()) => endAccount(ctx, { personId }),
      (ctx = office()) => reopenAccount(ctx, { personId }),
      (ctx = office()) => changeRoles(ctx, { personId, roles: ["ADMIN"] }),
      (ctx = office()) => endSessionsOf(ctx, { personId }),
      (ctx = office()) => endSessionOf(ctx, { personId, sessionId: newId() }),
    ];
    for (const act of acts) {
      expect(await refused(act())).toBe("not_found");
      expect(await refused(act(contextOf(student(0))))).toBe("forbidden");
    }
    expect(await auditOfPerson(office(), { personId })).toEqual([]);
    expect(await db().user.findUnique({ where: { id: personId } })).toMatchObject({ active: true, roles: ["STUDENT"] });
  });
});

describe("letting somebody in", () => {
  it("makes an invitation for the first password, and another link for a new one, each in place of the one before", async () => {
    const added = await addPerson(office(), colleague("first@test.campusos.example", ["ADMIN", "TEACHER"]));
    expect(added).toMatchObject({ kind: "invitation", name: "Ida Øster" });
    const first = added.url.split("/invite/")[1] ?? "";
    const again = (await makeWayIn(office(), { personId: added.personId })).url.split("/invite/")[1] ?? "";
    expect(await findInvitation(first)).toBeNull();
    await acceptInvitation(call(), { token: again, password });
    expect(await person(added.personId)).toMatchObject({ state: "open", roles: ["TEACHER", "ADMIN"], rosterRoles: [] });

    const made = await makeWayIn(office(), { personId: added.personId });
    expect(made).toMatchObject({ kind: "newPassword", email: "first@test.campusos.example" });
    expect(await findPasswordReset(made.url.split("/reset/")[1] ?? "")).toMatchObject({ userId: added.personId });
    const notices = await db().$queryRaw<{ what: string }[]>`
      SELECT payload->>'what' AS what FROM graphile_worker._private_jobs WHERE payload->>'userId' = ${added.personId}`;
    expect(notices).toEqual([{ what: "officeMadeLink" }]);
    const log = JSON.stringify(await db().auditEntry.findMany({ where: { objectId: added.personId } }));
    for (const link of [added.url, made.url]) expect(log).not.toContain(link.split("/").at(-1));
    expect(log).toContain("identity.password_link_made");
  });

  it("is refused for an address that somebody has, and for who cannot sign in", async () => {
    expect(await refused(addPerson(office(), colleague(at(other.students, 0).email)))).toBe("invalid_request");
    await db().user.update({ where: { id: student(9).id }, data: { email: `${student(9).id}@no-email.invalid` } });
    expect(await refused(makeWayIn(office(), { personId: student(9).id }))).toBe("account_state");
    expect(await person(student(9).id)).toMatchObject({ email: null, state: "noEmail" });
    await endAccount(office(), { personId: student(10).id });
    expect(await refused(makeWayIn(office(), { personId: student(10).id }))).toBe("account_state");
  });
});

describe("roles", () => {
  it("are given and taken, sign the person out, and leave those of the roster", async () => {
    const { id: personId } = at(school.teachers, 0);
    const open = await session(personId);
    await changeRoles(office(), { personId, roles: ["ADMIN"] });
    expect(await person(personId)).toMatchObject({ roles: ["TEACHER", "ADMIN"], rosterRoles: ["TEACHER"] });
    await expect(refuseRevoked(open)).rejects.toMatchObject({ code: "session_revoked" });
    const next = await session(personId);
    await changeRoles(office(), { personId, roles: ["ADMIN", "TEACHER"] });
    await expect(refuseRevoked(next)).resolves.toBeUndefined();
    await changeRoles(office(), { personId, roles: [] });
    expect(await person(personId)).toMatchObject({ roles: ["TEACHER"] });
  });

  it("of oneself stay: of two administrators who take each other's at the same moment, one is left", async () => {
    expect(await refused(changeRoles(office(), { personId: school.admin.id, roles: [] }))).toBe("account_state");
    expect(await refused(endAccount(office(), { personId: school.admin.id }))).toBe("account_state");
    for (let round = 0; round < 10; round++) {
      const { admin } = await buildSchool(db(), { students: 0, sections: [] });
      await db().user.update({ where: { id: admin.id }, data: { ownRoles: ["ADMIN"] } });
      const email = `second.${round}@test.campusos.example`;
      const first = await provenContextOf(db(), admin);
      const added = await addPerson(first, colleague(email));
      const second = await provenContextOf(db(), { ...admin, id: added.personId });
      const outcomes = await Promise.all([
        refused(changeRoles(first, { personId: added.personId, roles: ["TEACHER"] })),
        refused((round % 2 ? changeRoles : endAccount)(second, { personId: admin.id, roles: ["TEACHER"] })),
      ]);
      expect(outcomes.toSorted()).toEqual(["forbidden", null].toSorted());
      const left = await db().user.count({
        where: { schoolId: admin.schoolId, active: true, roles: { has: "ADMIN" } },
      });
      expect(left).toBe(1);
    }
  });
});

describe("ending an account", () => {
  it("signs out, refuses the next sign-in and every link, until it is opened again", async () => {
    const { id: personId, email } = student(20);
    const open = await session(personId);
    const link = (await makeWayIn(office(), { personId })).url.split("/reset/")[1] ?? "";
    await endAccount(office(), { personId });
    await expect(refuseRevoked(open)).rejects.toMatchObject({ code: "session_revoked" });
    const input = loginInput.parse({ email, password });
    expect(await refused(signIn(call(), input))).toBe("invalid_credentials");
    expect(await findPasswordReset(link)).toBeNull();
    expect(await refused(endAccount(office(), { personId }))).toBe("account_state");
    await reopenAccount(office(), { personId });
    expect(await refused(reopenAccount(office(), { personId }))).toBe("account_state");
    expect((await signIn(call(), input)).user.id).toBe(personId);
  });

  it("holds against the next roster, which says that the person is active", async () => {
    const { id: personId, sourcedId, email } = student(21);
    await endAccount(office(), { personId });
    const importAgain = () =>
      transaction(async (tx) => {
        const scope = { schoolId: school.school.id, now: new Date() };
        const row = {
          sourcedId,
          ended: false,
          email,
          givenName: "New",
          familyName: "Name",
          roles: ["STUDENT"] as const,
          active: true,
        };
        const stored = await storedPeople(tx, scope.schoolId, [sourcedId], []);
        const plan = await planPeople(tx, { ...scope, people: [row], stored });
        await applyPeople(tx, { ...scope, plan, sharedPasswordHash: null });
      });
    await importAgain();
    expect(await person(personId)).toMatchObject({ name: "New Name", state: "ended" });
    await reopenAccount(office(), { personId });
    await importAgain();
    expect(await person(personId)).toMatchObject({ state: "open" });
  });

  it("is left to the roster for whom it deleted", async () => {
    const { id: personId } = student(22);
    await db().user.update({
      where: { id: personId },
      data: { active: false, endedAt: new Date(), passwordHash: null, email: `${personId}@no-email.invalid` },
    });
    expect((await person(personId)).state).toBe("left");
    for (const act of [endAccount, reopenAccount, makeWayIn])
      expect(await refused(act(office(), { personId }))).toBe("account_state");
    expect(await refused(changeRoles(office(), { personId, roles: ["ADMIN"] }))).toBe("account_state");
  });
});

describe("sessions of somebody else", () => {
  it("end one by one and all together; one's own stays where one is", async () => {
    const { id: personId } = student(30);
    const [first, second, third] = [await session(personId), await session(personId), await session(personId)];
    await endSessionOf(office(), { personId, sessionId: first });
    expect(await refused(endSessionOf(office(), { personId, sessionId: first }))).toBe("not_found");
    expect(await refused(endSessionOf(office(), { personId: student(31).id, sessionId: second }))).toBe("not_found");
    expect(await endSessionsOf(office(), { personId })).toBe(2);
    for (const id of [first, second, third])
      await expect(refuseRevoked(id)).rejects.toMatchObject({ code: "session_revoked" });
    const own = await session(school.admin.id);
    const elsewhere = await session(school.admin.id);
    const ctx = { ...office(), actor: { ...office().actor, sessionId: own } };
    await endSessionsOf(ctx, { personId: school.admin.id });
    await expect(refuseRevoked(own)).resolves.toBeUndefined();
    await expect(refuseRevoked(elsewhere)).rejects.toMatchObject({ code: "session_revoked" });
  });
});

describe("the log", () => {
  it("tells of a person and of the school, by area, page by page, and of no other school", async () => {
    const { id: personId } = student(40);
    const sessionId = await session(personId);
    await endSessionOf(office(), { personId, sessionId });
    await endAccount(office(), { personId });
    const lines = await auditOfPerson(office(), { personId });
    expect(lines.map(({ action }) => action)).toEqual(["identity.account_ended", "identity.session_ended"]);
    for (const { by, to } of lines) expect([by?.id, to?.id]).toEqual([school.admin.id, personId]);

    await db().$executeRaw`
      INSERT INTO audit_entry (id, school_id, actor_id, action, object_type, object_id, details, source, at)
      SELECT gen_random_uuid()::text, ${school.school.id}, NULL, 'roster.imported', 'school', ${school.school.id}, '{}', 'tool',
        date_trunc('milliseconds', now()) - n / 3 * interval '1 second' FROM generate_series(1, 120) AS n`;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof auditLog>> = await auditLog(office(), { area: "roster", cursor });
      seen.push(...page.lines.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
    const theirs = await auditLog(contextOf(other.admin), { area: undefined, cursor: undefined });
    expect(theirs.lines).toEqual([]);
    expect(await refused(auditLog(office(), { area: undefined, cursor: "none" }))).toBe("invalid_request");
  });
});

describe("the second factor of a person", () => {
  const guard = (userId: string) =>
    db().totpFactor.create({ data: { userId, secret: Buffer.from("sealed"), confirmedAt: new Date(), lastStep: 0 } });

  it("is taken by the office, with the sessions, and told to the person and the log; not one's own", async () => {
    const personId = student(42).id;
    expect(await refused(resetSecondFactor(office(), { personId }))).toBe("account_state");
    expect(await person(personId)).toMatchObject({ hasSecondFactor: false });
    await guard(personId);
    expect(await person(personId)).toMatchObject({ hasSecondFactor: true });
    const open = await session(personId);
    await resetSecondFactor(office(), { personId });
    await expect(refuseRevoked(open)).rejects.toMatchObject({ code: "session_revoked" });
    expect(await person(personId)).toMatchObject({ hasSecondFactor: false });
    expect((await auditOfPerson(office(), { personId })).map(({ action }) => action)).toContain(
      "identity.second_factor_reset",
    );
    const notices = await db().$queryRaw<{ what: string }[]>`
      SELECT payload->>'what' AS what FROM graphile_worker._private_jobs WHERE payload->>'userId' = ${personId}`;
    expect(notices).toEqual([{ what: "secondFactorReset" }]);
    expect(await refused(resetSecondFactor(office(), { personId: school.admin.id }))).toBe("account_state");
  });

  it("and roles, links and new people need a proof of who acts within ten minutes", async () => {
    const personId = student(41).id;
    await guard(personId);
    const acts = (ctx: Context) => [
      () => resetSecondFactor(ctx, { personId }),
      () => changeRoles(ctx, { personId, roles: ["STUDENT", "ADMIN"] }),
      () => makeWayIn(ctx, { personId }),
      () => addPerson(ctx, colleague("no.proof@test.campusos.example")),
    ];
    for (const act of acts(contextOf(school.admin))) expect(await refused(act())).toBe("proof_required");
    expect(await person(personId)).toMatchObject({ hasSecondFactor: true, roles: ["STUDENT"] });
    expect(await db().user.count({ where: { email: "no.proof@test.campusos.example" } })).toBe(0);
  });
});
