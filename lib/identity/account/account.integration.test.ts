// A person's own account: name, language, another e-mail address, and what is kept of them.
import { beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { db, transaction } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { storedPeople, planPeople } from "../import/import-people";
import { getMe } from "../people/get-me";
import { changeEmailInput, loginInput } from "../schema";
import { openSession } from "../sessions/sessions";
import { signIn } from "../sessions/sign-in";
import { cancelEmailChange, requestEmailChange } from "./change-email";
import {
  confirmEmailChange,
  createEmailConfirmation,
  deleteOldEmailChanges,
  findEmailChange,
  replacedEmail,
} from "./email-changes";
import { changeName, chooseLocale, ownAccount } from "./own-account";
import { ownIdentityData } from "./own-data";

const password = "the fog lifts at noon";
let school: TestSchool;
const ctxOf = (n: number) => contextOf(at(school.students, n));
const call = () => ({ requestId: newId(), now: new Date(), source: "web" as const });
const address = (name: string) => `${name}.${newId().slice(-8)}@new.campusos.example`;
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error.code,
  );

beforeAll(async () => {
  school = await buildSchool(db(), { students: 8, guardiansOf: [0] });
  const passwordHash = await hashPassword(password);
  await db().user.updateMany({ where: { schoolId: school.school.id }, data: { passwordHash } });
});

/** Asks for an address as the form does, and has its mail made. */
async function wish(n: number, email: string) {
  await requestEmailChange(ctxOf(n), changeEmailInput.parse({ email, current: password }));
  const [job] = await db().$queryRaw<{ changeId: string }[]>`
    SELECT payload->>'changeId' AS "changeId" FROM graphile_worker._private_jobs
    WHERE payload::jsonb ? 'changeId' ORDER BY id DESC LIMIT 1`;
  const changeId = job?.changeId ?? "";
  return { changeId, mail: await createEmailConfirmation({ changeId }) };
}

describe("another e-mail address", () => {
  it("is the person's when its link is used, once; the one before is told and no roster brings it back", async () => {
    const student = at(school.students, 0);
    const email = address("first");
    const { changeId, mail } = await wish(0, email);
    expect(mail?.email).toBe(email);
    expect(await ownAccount(ctxOf(0))).toMatchObject({ newEmail: email });
    await db().passwordReset.create({
      data: { id: newId(), userId: student.id, tokenHash: Buffer.from(newId()), expiresAt: new Date(Date.now() + 1e6) },
    });
    const outcomes = await Promise.all(
      [1, 2].map(() => refused(confirmEmailChange(call(), { token: mail?.token ?? "" }))),
    );
    expect(outcomes.toSorted()).toEqual(["not_found", null].toSorted());
    expect(await db().passwordReset.count({ where: { userId: student.id } })).toBe(0);
    expect(await replacedEmail({ changeId })).toEqual({ userId: student.id, email: student.email });
    expect((await signIn(call(), loginInput.parse({ email, password }))).user.id).toBe(student.id);
    expect(await refused(signIn(call(), loginInput.parse({ email: student.email, password })))).toBe(
      "invalid_credentials",
    );
    expect(await findEmailChange(mail?.token ?? "")).toBeNull();

    const row = { ...student, ended: false, active: true, roles: ["STUDENT"] as const };
    const plan = await transaction(async (tx) => {
      const stored = await storedPeople(tx, student.schoolId, [student.sourcedId], []);
      return planPeople(tx, { schoolId: student.schoolId, people: [row], stored, now: new Date() });
    });
    expect(plan.tally).toMatchObject({ changed: 0, unchanged: 1 });
  });

  it("needs the password and a new address, and the newest wish alone counts", async () => {
    const own = { email: at(school.students, 1).email, current: password };
    expect(await refused(requestEmailChange(ctxOf(1), changeEmailInput.parse(own)))).toBe("invalid_request");
    const wrong = changeEmailInput.parse({ email: address("x"), current: "not this one" });
    expect(await refused(requestEmailChange(ctxOf(1), wrong))).toBe("invalid_request");
    const [older, newer] = [await wish(1, address("older")), await wish(1, address("newer"))];
    expect(await findEmailChange(older.mail?.token ?? "")).toBeNull();
    expect(await findEmailChange(newer.mail?.token ?? "")).not.toBeNull();
    await cancelEmailChange(ctxOf(1));
    expect(await refused(confirmEmailChange(call(), { token: newer.mail?.token ?? "" }))).toBe("not_found");
    expect(await ownAccount(ctxOf(1))).toMatchObject({ newEmail: null });
  });

  it("that another account has gets no mail, and of two who want one the second finds it taken", async () => {
    expect((await wish(2, at(school.guardians, 0).email)).mail).toBeNull();
    const email = address("both");
    const [first, second] = [await wish(2, email), await wish(3, email)];
    const outcomes = await Promise.all(
      [first, second].map(({ mail }) => refused(confirmEmailChange(call(), { token: mail?.token ?? "" }))),
    );
    expect(outcomes.toSorted()).toEqual(["account_state", null].toSorted());
  });

  it("ends with its time by the database's clock, with the account, and is forgotten a month later", async () => {
    const { mail } = await wish(4, address("late"));
    await db().$executeRaw`UPDATE email_change SET expires_at = expires_at - interval '24 hours'`;
    expect(await findEmailChange(mail?.token ?? "")).toBeNull();
    const other = await wish(5, address("ended"));
    await db().user.update({ where: { id: at(school.students, 5).id }, data: { active: false } });
    expect(await refused(confirmEmailChange(call(), { token: other.mail?.token ?? "" }))).toBe("not_found");
    await db()
      .$executeRaw`UPDATE email_change SET expires_at = expires_at - interval '31 days' WHERE confirmed_at IS NULL`;
    const { signal } = new AbortController();
    expect(await deleteOldEmailChanges(db(), { now: new Date(), signal })).toBeGreaterThan(1);
    expect(await db().emailChange.count({ where: { confirmedAt: null } })).toBe(0);
  });

  it("stands in no log: neither address nor token", async () => {
    const { mail } = await wish(6, address("quiet"));
    const rows = JSON.stringify(await db().auditEntry.findMany({ where: { schoolId: school.school.id } }));
    expect(rows).toContain("identity.email_change_requested");
    for (const secret of [mail?.token ?? "-", mail?.email ?? "-"]) expect(rows).not.toContain(secret);
  });
});

describe("name and language", () => {
  it("are the person's where no roster names them, and seen by this session from the next page on", async () => {
    const wanted = { givenName: "Ida", familyName: "Øster" };
    expect(await refused(changeName(ctxOf(7), wanted))).toBe("account_state");
    await db().user.update({ where: { id: at(school.students, 7).id }, data: { sourcedId: null } });
    expect((await getMe(ctxOf(7))).name).not.toBe("Ida Øster");
    await changeName(ctxOf(7), wanted);
    await chooseLocale(ctxOf(7), { locale: "en-GB" });
    expect(await getMe(ctxOf(7))).toMatchObject({ name: "Ida Øster", locale: "en-GB" });
    expect(await ownAccount(ctxOf(7))).toMatchObject({ ...wanted, ownsName: true });
  });
});

describe("what is kept of a person", () => {
  it("is theirs alone, and has no secret in it", async () => {
    const student = at(school.students, 0);
    await transaction((tx) => openSession(tx, student.id, new Date()));
    const data = await ownIdentityData(ctxOf(0));
    expect(data.account).toMatchObject({ id: student.id, roles: ["STUDENT"] });
    expect(data.guardians.map(({ id }) => id)).toEqual([at(school.guardians, 0).id]);
    expect(data.sessions.length).toBeGreaterThan(0);
    expect(data.log.map(({ action }) => action)).toContain("identity.email_changed");
    const text = JSON.stringify(data);
    expect(text).not.toMatch(/argon2|hash|token/i);
    expect(text).not.toContain(at(school.students, 1).id);
  });
});
