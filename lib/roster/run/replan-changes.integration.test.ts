import { expect, it } from "vitest";
import { cancelClassSession } from "@/lib/attendance/class-changes/cancel-class-session";
import { moveClassSession } from "@/lib/attendance/class-changes/move-class-session";
import { moveClassInput } from "@/lib/attendance/class-changes/schema";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { ROSTER_NOW, rosterSchool, type Row } from "@/tests/support/roster-school";
import { at, contextOf } from "@/tests/support/school";

it("an import undoes no cancelled class, no moved one and no day off, also when the hour changes", async () => {
  const campus = rosterSchool("people-decided");
  await campus.run(campus.whole);
  const { schoolId } = await campus.section("a");
  const office = contextOf({ id: newId(), schoolId, roles: ["ADMIN"] }, { now: ROSTER_NOW });
  const sessions = async () => {
    const rows = (await campus.section("a")).classSessions.toSorted(
      (a, b) => a.startsAt.getTime() - b.startsAt.getTime(),
    );
    return rows
      .filter(({ startsAt }) => startsAt > ROSTER_NOW)
      .map(({ startsAt, state }) => [startsAt.toISOString().slice(5, 16), state]);
  };
  const [cancelled, moved] = (await campus.section("a")).classSessions.filter(({ startsAt }) => startsAt > ROSTER_NOW);
  await cancelClassSession(office, { id: cancelled?.id ?? "", reason: "Trip" });
  const to = moveClassInput.parse({ date: "2026-10-22", startsAt: "14:00", endsAt: "15:00" });
  await moveClassSession(office, { id: moved?.id ?? "", ...to });
  const term = (holidays: string): Row => ({
    ...at(campus.whole.academicSessions, 0),
    "metadata.holidays": holidays,
  });
  await campus.run({ academicSessions: [term("2026-10-26..2026-10-28 Autumn break")] });
  const decided = [
    ["10-12T07:00", "CANCELLED"],
    ["10-22T12:00", "SCHEDULED"],
    ["10-26T08:00", "CANCELLED"],
  ];
  expect(await sessions()).toEqual(decided);
  const again = await campus.run({
    ...campus.whole,
    academicSessions: campus.whole.academicSessions.map((row, n) =>
      n === 0 ? term("2026-10-26..2026-10-28 Autumn break") : row,
    ),
  });
  expect(again.tallies.classSessions).toMatchObject({ created: 0, changed: 0, ended: 0 });
  expect(await sessions()).toEqual(decided);

  await campus.run({ classes: [campus.lesson("a", { "metadata.meetings": "MO 10:00-11:00" })] });
  expect(await sessions()).toEqual([
    ["10-12T08:00", "CANCELLED"],
    ["10-22T12:00", "SCHEDULED"],
    ["10-26T09:00", "CANCELLED"],
  ]);
  expect((await campus.section("a")).classSessions.find(({ id }) => id === cancelled?.id)?.cancelReason).toBe("Trip");
  expect(await db().outboxEvent.count({ where: { schoolId, type: { startsWith: "school_day_off" } } })).toBe(0);

  await campus.run({ academicSessions: [term("")] });
  expect((await sessions()).at(-1)).toEqual(["10-26T09:00", "SCHEDULED"]);
});
