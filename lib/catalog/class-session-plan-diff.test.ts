import { describe, expect, it } from "vitest";
import { diffClassSessions, type StoredClassSession } from "./class-session-plan-diff";

const now = new Date("2026-10-07T12:00:00Z");
const session = (date: string, more: Partial<StoredClassSession> = {}): StoredClassSession => ({
  id: date,
  sectionId: "s",
  meetingId: "m",
  date,
  startsAt: new Date(`${date}T09:00:00Z`),
  endsAt: new Date(`${date}T10:00:00Z`),
  location: null,
  cancelled: false,
  hasAttendance: false,
  ...more,
});
const diff = (stored: StoredClassSession[], planned: StoredClassSession[], sectionCancelled = false) =>
  diffClassSessions({ sectionId: "s", stored, planned, sectionCancelled, now });

describe("following a new plan", () => {
  it("writes nothing when nothing changed", () => {
    const same = [session("2026-10-05"), session("2026-10-12")];
    expect(diff(same, same)).toEqual({ upsert: [], remove: [], cancel: [], unchanged: 2 });
  });

  it("replaces what lies ahead and keeps what has begun", () => {
    const stored = [session("2026-10-05"), session("2026-10-12"), session("2026-10-19")];
    const planned = [session("2026-10-06"), session("2026-10-13"), session("2026-10-19")];
    const { upsert, remove, unchanged } = diff(stored, planned);
    expect(upsert.map(({ date, id }) => [date, id])).toEqual([["2026-10-13", null]]);
    expect(remove).toEqual(["2026-10-12"]);
    expect(unchanged).toBe(1);
  });

  it("keeps a future class that has attendance, as it is", () => {
    const marked = session("2026-10-12", { hasAttendance: true });
    expect(diff([marked], [])).toMatchObject({ remove: [], upsert: [] });
    expect(diff([marked], [session("2026-10-12", { endsAt: new Date("2026-10-12T11:00:00Z") })]).upsert).toEqual([]);
  });

  it("adds past weeks that hold no class yet, for a term that begins earlier than it did", () => {
    const { upsert } = diff([session("2026-10-05")], [session("2026-09-22"), session("2026-10-06")]);
    expect(upsert.map(({ date }) => date)).toEqual(["2026-09-22"]);
  });

  it("changes the end or the room of a future class in place", () => {
    const { upsert } = diff([session("2026-10-12")], [session("2026-10-12", { location: "Hall" })]);
    expect(upsert).toMatchObject([{ id: "2026-10-12", location: "Hall" }]);
  });

  it("leaves a class alone that was set up for one day", () => {
    expect(diff([session("2026-10-12", { meetingId: null })], []).remove).toEqual([]);
  });

  it("cancels what lies ahead of a cancelled section, and brings it back with the section", () => {
    const stored = [session("2026-10-05"), session("2026-10-12"), session("2026-10-19", { hasAttendance: true })];
    expect(diff(stored, [], true)).toEqual({ upsert: [], remove: [], cancel: ["2026-10-12"], unchanged: 0 });
    expect(diff([session("2026-10-12", { cancelled: true })], [session("2026-10-12")]).upsert).toHaveLength(1);
  });
});
