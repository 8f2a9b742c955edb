// How long sign-ins last, by role, in rows and in the document that says so.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";
import { at, buildSchool } from "@/tests/support/school";
import { LIFETIMES } from "./lifetimes";
import { rotateRefreshToken } from "./rotate-refresh-token";
import { openSession } from "./sessions";

const DAY = 86_400;
const cases: [roles: Role[], idleDays: number, wholeDays: number][] = [
  [["STUDENT"], 14, 30],
  [["GUARDIAN"], 14, 30],
  [["TEACHER", "GUARDIAN"], 7, 30],
  [["GUARDIAN", "ADMIN"], 1, 7],
  [["TEACHER", "ADMIN"], 1, 7],
];

describe("a sign-in", () => {
  it.each(cases)("of %s ends after %i days without use, and after %i", async (roles, idle, whole) => {
    const { students } = await buildSchool(db(), { students: 1 });
    const person = at(students, 0);
    await db().user.update({ where: { id: person.id }, data: { roles } });
    const opened = await transaction((tx) => openSession(tx, person.id, new Date()));
    expect(opened?.refreshExpiresIn).toBe(idle * DAY);
    const { createdAt, expiresAt } = await db().authSession.findUniqueOrThrow({
      where: { id: opened?.sessionId ?? "" },
    });
    expect((expiresAt.getTime() - createdAt.getTime()) / 1000).toBe(whole * DAY);

    const ctx = { requestId: "lifetimes", now: new Date(), source: "api" as const };
    const next = await rotateRefreshToken(ctx, opened?.refreshToken ?? "");
    expect(next.refreshExpiresIn).toBe(idle * DAY);
    // An hour before the whole time is over, another hour is all there is.
    await db().$executeRaw`
      UPDATE auth_session SET expires_at = statement_timestamp() + interval '1 hour' WHERE id = ${opened?.sessionId}`;
    const last = await rotateRefreshToken(ctx, next.refreshToken);
    expect(last.refreshExpiresIn).toBeLessThanOrEqual(3_600);
  });

  it("lasts as docs/operations.md says", () => {
    const text = readFileSync("docs/operations.md", "utf8");
    const days = (seconds: number) => (seconds === DAY ? "1 day" : `${seconds / DAY} days`);
    for (const { role, idle, whole } of LIFETIMES) {
      const who = role === null ? "everybody else" : { ADMIN: "the office", TEACHER: "teachers" }[role];
      expect(text.replace(/ +/g, " ")).toContain(`| ${who} | ${days(idle)} | ${days(whole)} |`);
    }
  });
});
