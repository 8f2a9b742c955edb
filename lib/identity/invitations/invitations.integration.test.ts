import { beforeAll, describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { acceptInvitation, createInvitations, findInvitation } from "./invitations";
import { refuseRevoked } from "../sessions/revocations";
import { loginInput } from "../schema";
import { openSession } from "../sessions/sessions";
import { signIn } from "../sessions/sign-in";

const password = "four calm words here";
const now = new Date();
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 6 });
});

describe("an invitation", () => {
  it("lets its person set a password once, and signs in", async () => {
    const token = await invite(0);
    expect(await findInvitation(token)).toMatchObject({ userId: student(0).id, email: student(0).email });
    const tokens = await acceptInvitation(ctx(), { token, password });
    expect(tokens?.accessToken).toBeTruthy();
    await expect(enter(0)).resolves.toBeTruthy();
    expect(await findInvitation(token)).toBeNull();
    await expect(acceptInvitation(ctx(), { token, password })).rejects.toMatchObject({ code: "not_found" });
  });

  it("ends the sessions that were open before", async () => {
    const before = await transaction((tx) => openSession(tx, student(1).id, now));
    await acceptInvitation(ctx(), { token: await invite(1), password });
    await expect(refuseRevoked(before?.sessionId ?? "")).rejects.toMatchObject({ code: "session_revoked" });
  });

  it("is accepted once by two presses at the same moment", async () => {
    const token = await invite(2);
    const outcomes = await Promise.allSettled([1, 2].map(() => acceptInvitation(ctx(), { token, password })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("is replaced by a newer one, and ends after thirty days or with the account", async () => {
    const old = await invite(3);
    const newer = await invite(3);
    expect(await findInvitation(old)).toBeNull();
    await daysPass(29);
    expect(await findInvitation(newer)).not.toBeNull();
    await daysPass(1);
    expect(await findInvitation(newer)).toBeNull();
    await expect(acceptInvitation(ctx(), { token: newer, password })).rejects.toMatchObject({ code: "not_found" });
    await daysPass(-1);
    await db().user.update({ where: { id: student(3).id }, data: { active: false } });
    expect(await findInvitation(newer)).toBeNull();
  });

  it("is kept when the password is refused", async () => {
    const token = await invite(4);
    await expect(acceptInvitation(ctx(), { token, password: "1234567890" })).rejects.toMatchObject({
      code: "invalid_request",
      errors: [{ path: "password", code: "tooCommon" }],
    });
    expect(await findInvitation(token)).not.toBeNull();
  });

  it("is stored as a hash only, and unknown tokens name nothing", async () => {
    const token = await invite(5);
    const rows = await db().invitation.findMany({ where: { userId: student(5).id } });
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const wrong of ["", "x", "../../etc", "\u0000"]) expect(await findInvitation(wrong)).toBeNull();
  });
});

/** Dates the invitations back, as if that time had passed by the database's clock. */
async function daysPass(days: number): Promise<void> {
  await db().$executeRaw`UPDATE invitation SET expires_at = expires_at - ${days}::int * interval '1 day'`;
}

function student(index: number) {
  const found = school.students[index];
  if (!found) throw new Error(`no student ${index}`);
  return found;
}

async function invite(index: number): Promise<string> {
  const [made] = await transaction((tx) => createInvitations(tx, [student(index).id]));
  if (!made) throw new Error("no invitation");
  return made.token;
}

function ctx() {
  return { requestId: newId(), now, source: "web" as const };
}

function enter(index: number) {
  return signIn(ctx(), loginInput.parse({ email: student(index).email, password }));
}
