import { describe, expect, it } from "vitest";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { db } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { classChangeScene, NOW } from "@/tests/support/class-change-scene";
import { at, contextOf } from "@/tests/support/school";
import { importHolidays, previewHolidays } from "./import-holidays";

const { school, teacher, office, classOn, stored, events } = classChangeScene();

const calendar = (...events: [uid: string, from: string, to: string, title: string][]) =>
  [
    "BEGIN:VCALENDAR",
    ...events.flatMap(([uid, from, to, title]) => [
      "BEGIN:VEVENT",
      `UID:${uid}`,
      `DTSTART;VALUE=DATE:${from}`,
      `DTEND;VALUE=DATE:${to}`,
      `SUMMARY:${title}`,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ].join("\r\n");
async function importFile(text: string) {
  const preview = await previewHolidays(office(), text);
  if ("problems" in preview) throw new Error("a file without problems");
  return { plan: preview.plan, done: await importHolidays(office(), preview.holidays, classMarks) };
}
const days = async () => {
  const rows = await db().schoolDayOff.findMany({
    where: { schoolId: school().school.id, source: "ICAL" },
    orderBy: { startsOn: "asc" },
  });
  return rows.map((row) => [row.uid, row.startsOn.toISOString().slice(0, 10), row.endsOn.toISOString().slice(0, 10)]);
};

describe("importing holidays", () => {
  it("shows what would change and writes nothing, then writes it, and again nothing", async () => {
    const file = calendar(["thanks", "20261123", "20261124", "Day of thanks"], ["old", "20200101", "20200102", "Past"]);
    const preview = await previewHolidays(office(), file);
    expect(preview).toMatchObject({ plan: { create: [{ uid: "thanks" }], change: [] }, outside: 1 });
    expect(await days()).toEqual([]);
    const { done } = await importFile(file);
    expect(done).toEqual({ added: 1, changed: 0, unchanged: 0, classes: { cancelled: 1, kept: 0 } });
    const { id } = classOn("2026-11-23");
    expect(await stored(id)).toMatchObject({ state: "CANCELLED" });
    expect((await importFile(file)).done).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
    const dayOff = (await stored(id)).dayOffId ?? "";
    expect((await events(dayOff)).map(({ type, data }) => [type, data["title"]])).toEqual([
      ["school_day_off_added", "Day of thanks"],
    ]);
  });

  it("follows a new date of the same event, and leaves days that are no longer in the file", async () => {
    await importFile(calendar(["a", "20261130", "20261201", "Free"], ["b", "20261208", "20261209", "Other"]));
    const [monday, tuesday] = [classOn("2026-11-30").id, classOn("2026-12-01", 1).id];
    const { plan, done } = await importFile(calendar(["a", "20261201", "20261202", "Free"]));
    expect(plan.change).toMatchObject([{ uid: "a", before: { startsOn: "2026-11-30" } }]);
    expect(done).toMatchObject({ added: 0, changed: 1 });
    expect([(await stored(monday)).state, (await stored(tuesday)).state]).toEqual(["SCHEDULED", "CANCELLED"]);
    expect(await days()).toContainEqual(["b", "2026-12-08", "2026-12-08"]);
    const { dayOffId } = await stored(tuesday);
    expect((await events(dayOffId ?? "")).map(({ data }) => [data["version"], data["startsOn"]])).toEqual([
      [1, "2026-11-30"],
      [2, "2026-12-01"],
    ]);
  });

  it("swaps the days of two events", async () => {
    await importFile(calendar(["x", "20261214", "20261215", "X"], ["y", "20261215", "20261216", "Y"]));
    await importFile(calendar(["x", "20261215", "20261216", "X"], ["y", "20261214", "20261215", "Y"]));
    const [monday, tuesday] = [await stored(classOn("2026-12-14").id), await stored(classOn("2026-12-15", 1).id)];
    const titleOf = async (id: string | null) =>
      (await db().schoolDayOff.findUniqueOrThrow({ where: { id: id ?? "" } })).title;
    expect([monday.state, await titleOf(monday.dayOffId)]).toEqual(["CANCELLED", "Y"]);
    expect([tuesday.state, await titleOf(tuesday.dayOffId)]).toEqual(["CANCELLED", "X"]);
  });

  it("answers a broken file with its lines and writes nothing", async () => {
    const broken = calendar(["z", "20261199", "20261201", "Z"]);
    expect(await previewHolidays(office(), broken)).toEqual({ problems: [{ line: 4, code: "badDate" }] });
  });

  it("is the office's alone", async () => {
    const codeOf = (work: Promise<unknown>) => work.catch((error: AppError) => error.code);
    for (const ctx of [teacher(), contextOf(at(school().students, 0), { now: NOW })]) {
      expect(await codeOf(previewHolidays(ctx, calendar()))).toBe("forbidden");
      expect(await codeOf(importHolidays(ctx, [], classMarks))).toBe("forbidden");
    }
  });
});
