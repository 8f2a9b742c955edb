import { beforeAll, describe, expect, it } from "vitest";
import { db, transaction, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { hashPassword } from "../credentials/passwords";
import { revokeSessionsOf } from "./revoke-sessions";
import { openSession } from "./sessions";
import { loginInput } from "../schema";
import { signIn } from "./sign-in";

const oldPassword = "four calm words here";
const newPassword = "other calm words here";
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 5 });
});

describe("openSession", () => {
  it("opens nothing for a person whose account is being ended", async () => {
    const userId = at(school.students, 0).id;
    const outcome = await whileOpen(
      async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { active: false } });
        await revokeSessionsOf(tx, [userId], "account_ended");
      },
      () => transaction((tx) => openSession(tx, userId, new Date())),
    );
    expect(outcome).toBeNull();
    expect(await liveSessions(userId)).toBe(0);
  });

  it("gives the roles that a change under way brings", async () => {
    const userId = at(school.students, 1).id;
    const outcome = await whileOpen(
      async (tx) => {
        await tx.user.update({ where: { id: userId }, data: { roles: ["TEACHER"] } });
        await revokeSessionsOf(tx, [userId], "roles_changed");
      },
      () => transaction((tx) => openSession(tx, userId, new Date())),
    );
    const claims: unknown = JSON.parse(
      Buffer.from(outcome?.accessToken.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    expect(claims).toMatchObject({ roles: ["TEACHER"] });
  });

  it("opens nothing on a password hash that is no longer the person's", async () => {
    const userId = at(school.students, 2).id;
    const passwordHash = await hashPassword(oldPassword);
    await db().user.update({ where: { id: userId }, data: { passwordHash } });
    expect(await transaction((tx) => openSession(tx, userId, new Date(), passwordHash))).not.toBeNull();
    expect(await transaction((tx) => openSession(tx, userId, new Date(), `${passwordHash}x`))).toBeNull();
  });
});

describe("signing in while a new password is set", () => {
  it.each([
    ["opens no session on the old one", newPassword, false],
    ["does not mind another hash of the same password", oldPassword, true],
  ])("%s", async (_what, passwordNow, enters) => {
    const { id: userId, email } = at(school.students, enters ? 3 : 4);
    await db().user.update({ where: { id: userId }, data: { passwordHash: await hashPassword(oldPassword) } });
    const passwordHash = await hashPassword(passwordNow);
    // It commits after the old one was verified: this transaction holds the row until then.
    const outcome = await whileOpen(
      (tx) => tx.user.update({ where: { id: userId }, data: { passwordHash } }),
      () => enter(email, oldPassword),
    );
    expect(outcome).toMatchObject(enters ? { user: { id: userId } } : { code: "invalid_credentials" });
    expect(await liveSessions(userId)).toBe(enters ? 1 : 0);
    expect(await enter(email, passwordNow)).toMatchObject({ user: { id: userId } });
  });
});

function enter(email: string, password: string): Promise<unknown> {
  const ctx = { requestId: newId(), now: new Date(), source: "api" as const };
  return signIn(ctx, loginInput.parse({ email, password })).catch((error: unknown) => error);
}

/** The outcome of `work`, which runs while a transaction that did `change` is open, until it waits for it or is done. */
async function whileOpen<T>(change: (tx: Tx) => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  const { pool } = await testDatabase();
  let isDone = false;
  const running = await transaction(async (tx) => {
    await change(tx);
    const outcome = work().finally(() => (isDone = true));
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return isDone || rows.length > 0;
    });
    return { outcome };
  });
  return running.outcome;
}

function liveSessions(userId: string): Promise<number> {
  return db().authSession.count({ where: { userId, revokedAt: null } });
}
