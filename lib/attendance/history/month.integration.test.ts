import { expect, test } from "vitest";
import { newId } from "@/lib/shared/ids";
import { rosterSchool } from "@/tests/support/roster-school";
import { attendanceMonth } from "./family-queries";
import { markBulk } from "../sheet/mark-bulk";
import { classSessions } from "../sheet/queries";

test("a month knows the classes without a mark that counts, of its student and until today", async () => {
  const school = rosterSchool(`month-${newId().slice(-8)}`);
  await school.run(school.whole, { now: new Date("2026-10-02T12:00:00Z") });
  // Mondays in Prague; the 19th is still to come.
  const now = new Date("2026-10-13T12:00:00Z");
  const teacher = { ...(await school.context("t1")), now };
  const student = { ...(await school.context("s1")), now };
  const other = { ...(await school.context("s3")), now };
  const { items } = await classSessions(teacher, { limit: 50, date: "2026-10-05" });
  const records = [{ studentId: student.actor.userId, status: "PRESENT" as const }];
  const save = (finalize: boolean) => markBulk(teacher, { classSessionId: items[0]?.id ?? "", records, finalize });
  const later = { ...student, now: new Date(now.getTime() + 3_600_000) };
  const waiting = async (ctx = later) => (await attendanceMonth(ctx, null, "2026-10")).waiting;

  await save(false);
  expect(await waiting()).toEqual({ "2026-10-05": 1, "2026-10-12": 1 });
  await save(true);
  expect(await waiting()).toEqual({ "2026-10-12": 1 });
  expect(await waiting(other)).toEqual({});
  expect((await attendanceMonth(later, null, "2026-09")).waiting).toEqual({ "2026-09-21": 1, "2026-09-28": 1 });
  expect((await attendanceMonth(later, null, "2026-11")).waiting).toEqual({});
});
