import { describe, expect, it } from "vitest";
import { diffClassSessions, type StoredClassSession } from "./plan-diff";

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
  cancelledByHand: false,
  movedFromStartsAt: null,
  movedFromDate: null,
  hasAttendance: false,
  ...more,
});
const diff = (stored: StoredClassSession[], planned: StoredClassSession[], sectionCancelled = false) =>
  diffClassSessions({ sectionId: "s", stored, planned, sectionCancelled, now });

describe("following a new plan", () => {
  it("writes nothing when nothing changed", () => {
    const same = [session("2026-10-05"), session("2026-10-12")];
    expect(diff(same, same)).toEqual({
      upsert: [],
      follow: [],
      remove: [],
      cancel: [],
      revive: [],
      unchanged: 2,
    });
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

  it("adds what is on now or still to come today, and nothing that is over", () => {
    const on = { startsAt: new Date("2026-10-07T11:30:00Z"), endsAt: new Date("2026-10-07T12:30:00Z") };
    const later = { startsAt: new Date("2026-10-07T15:00:00Z"), endsAt: new Date("2026-10-07T16:00:00Z") };
    const over = { startsAt: new Date("2026-10-07T11:00:00Z"), endsAt: new Date("2026-10-07T12:00:00Z") };
    const { upsert } = diff(
      [session("2026-10-05")],
      [on, later, over].map((times) => session("2026-10-07", times)),
    );
    expect(upsert.map(({ startsAt }) => startsAt)).toEqual([on.startsAt, later.startsAt]);
  });

  it("lets a class that is on now follow a new end, and replaces it by one that overlaps, unless it has attendance", () => {
    const times = { startsAt: new Date("2026-10-07T11:30:00Z"), endsAt: new Date("2026-10-07T12:30:00Z") };
    const running = session("2026-10-07", times);
    const longer = { ...running, endsAt: new Date("2026-10-07T13:00:00Z") };
    const moved = { ...running, startsAt: new Date("2026-10-07T11:45:00Z") };
    expect(diff([running], [longer])).toMatchObject({
      upsert: [{ id: running.id, endsAt: longer.endsAt }],
      remove: [],
    });
    expect(diff([running], [moved])).toMatchObject({ upsert: [{ id: null }], remove: [running.id] });
    expect(diff([running], [session("2026-10-14")]).remove).toEqual([]);
    const over = { ...running, startsAt: new Date("2026-10-07T11:00:00Z"), endsAt: now };
    expect(diff([running], [over])).toMatchObject({ upsert: [], remove: [] });
    const marked = { ...running, hasAttendance: true };
    expect(diff([marked], [longer])).toMatchObject({ upsert: [], remove: [] });
    expect(diff([marked], [moved]).remove).toEqual([]);
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
    expect(diff(stored, [], true)).toMatchObject({ upsert: [], remove: [], cancel: ["2026-10-12"], unchanged: 0 });
    expect(diff([session("2026-10-12", { cancelled: true })], [session("2026-10-12")]).upsert).toHaveLength(1);
  });

  const movedTo = (date: string, hour: string, from = session("2026-10-12")) =>
    session(date, {
      id: from.id,
      startsAt: new Date(`${date}T${hour}:00Z`),
      endsAt: new Date(`${date}T${hour.slice(0, 2)}:50:00Z`),
      movedFromStartsAt: from.startsAt,
      movedFromDate: from.date,
    });
  const nothing = { upsert: [], follow: [], remove: [], cancel: [], revive: [] };

  it("leaves a moved class where people put it, and plans no second one in its old place or on top of it", () => {
    const moved = movedTo("2026-10-15", "13:00");
    const planned = [session("2026-10-12"), session("2026-10-19")];
    expect(diff([moved, session("2026-10-19")], planned)).toEqual({ ...nothing, unchanged: 2 });
    const onTop = session("2026-10-15", {
      startsAt: new Date("2026-10-15T13:30:00Z"),
      endsAt: new Date("2026-10-15T14:00:00Z"),
    });
    expect(diff([moved], [onTop])).toEqual({ ...nothing, unchanged: 0 });
    expect(diff([moved], [])).toEqual({ ...nothing, unchanged: 0 });
  });

  it("plans no second class on the day from which one was moved when the hour changes", () => {
    const moved = movedTo("2026-10-15", "13:00");
    const later = session("2026-10-12", { startsAt: new Date("2026-10-12T09:15:00Z") });
    expect(diff([moved], [later])).toEqual({ ...nothing, unchanged: 0 });
  });

  it("leaves a moved class alone that is on now, whatever its old hour would be", () => {
    const moved = movedTo("2026-10-07", "11:30", session("2026-10-08"));
    expect(diff([moved], [session("2026-10-08", { location: "Hall" })])).toEqual({ ...nothing, unchanged: 1 });
  });

  it("cancels a moved class with its section, and brings it back with it", () => {
    const moved = movedTo("2026-10-15", "13:00");
    expect(diff([moved], [], true).cancel).toEqual([moved.id]);
    expect(diff([{ ...moved, cancelled: true }], [session("2026-10-12")])).toMatchObject({
      revive: [moved.id],
      upsert: [],
    });
  });

  it("leaves what somebody cancelled cancelled, also when its hour changes", () => {
    const cancelled = session("2026-10-12", { cancelledByHand: true });
    expect(diff([cancelled], [session("2026-10-12")])).toEqual({ ...nothing, unchanged: 1 });
    const later = session("2026-10-12", { startsAt: new Date("2026-10-12T09:15:00Z") });
    expect(diff([cancelled], [later])).toMatchObject({
      follow: [{ id: cancelled.id, startsAt: later.startsAt }],
      upsert: [],
      remove: [],
    });
    expect(diff([cancelled], [session("2026-10-13")])).toMatchObject({
      upsert: [{ id: null }],
      remove: [cancelled.id],
    });
  });
});
