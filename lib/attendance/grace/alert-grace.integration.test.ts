// The grace between finishing a class and alerting guardians: what is held back, what ends it, and that of everything that
// can happen at its end exactly one does.
import { beforeEach, describe, expect, test } from "vitest";
import { createDb, db } from "@/lib/platform/db/client";
import { setAlertGrace } from "@/lib/identity/people/school-settings";
import { newId } from "@/lib/shared/ids";
import { codeOf, markingScene, published, told } from "@/tests/support/marking-scene";
import { at, contextOf } from "@/tests/support/school";
import { familyDay } from "../history/family-queries";
import { familyVersion } from "../history/family-version";
import { familyAttendance, myAttendance } from "../history/history-queries";
import { notifyNow } from "./notify-now";
import { publishDueAlerts } from "./publish-alerts";
import { attendanceSheet, attendanceSheetVersion } from "../sheet/queries";
import { reopenSheet } from "./reopen-sheet";

const GRACE_MS = 90_000;
const { school, other, teacher, colleague, student, newClass, mark, marks } = markingScene();
const admin = () => contextOf(school().admin);
const later = (from: Date, ms: number) => new Date(from.getTime() + ms);
const settings = (alertGraceSeconds: number | null) =>
  db().school.update({ where: { id: school().school.id }, data: { alertGraceSeconds } });

beforeEach(async () => {
  await settings(GRACE_MS / 1_000);
  // What an earlier test left waiting would be counted by this one.
  await db().attendanceSheet.updateMany({ data: { alertsAt: null } });
});

async function finished(...statuses: Parameters<typeof marks>) {
  const { id } = await newClass();
  const ctx = teacher();
  const answer = await mark({ classSessionId: id, records: marks(...statuses) }, ctx);
  return { id, answer, finishedAt: ctx.now, endsAt: later(ctx.now, GRACE_MS) };
}

describe("while it runs", () => {
  test("nothing is published, and the answer, the sheet and its version say until when", async () => {
    const { id, answer, endsAt } = await finished("ABSENT", "PRESENT");
    expect(answer.classSession.state).toBe("FINALIZED");
    expect(Math.abs(Date.parse(answer.alertsAt ?? "") - endsAt.getTime())).toBeLessThan(1_000);
    expect(await attendanceSheet(teacher(), id)).toMatchObject({ alertsAt: answer.alertsAt, version: 1 });
    expect(await attendanceSheetVersion(colleague(), id)).toMatchObject({
      version: 1,
      state: "FINALIZED",
      alertsAt: answer.alertsAt,
      finalizedAt: expect.any(String),
    });
    expect(await publishDueAlerts(db(), later(endsAt, -1))).toBe(0);
    expect(await told(id)).toEqual([]);
  });

  test("repeating the save changes neither the end nor the version", async () => {
    const { id, answer } = await finished("ABSENT");
    const again = await mark({ classSessionId: id, records: marks("ABSENT") }, contextOf(at(school().teachers, 0)));
    expect(again).toEqual(answer);
  });

  test("a correction is silent: who is present at the end was never absent for anybody", async () => {
    const { id, endsAt } = await finished("ABSENT", "ABSENT", "PRESENT", "PRESENT");
    await mark({ classSessionId: id, records: marks("PRESENT", "ABSENT", "ABSENT", "LATE") }, colleague());
    expect(await told(id)).toEqual([]);
    expect(await publishDueAlerts(db(), endsAt)).toBe(1);
    expect(await told(id)).toEqual([
      ["attendance_marked_absent", student(1)],
      ["attendance_marked_absent", student(2)],
    ]);
    const events = await published(id);
    expect(events.map(({ data }) => [data["version"], data["markedById"]])).toEqual([
      [1, at(school().teachers, 0).id],
      [2, at(school().teachers, 1).id],
    ]);
  });

  test("students and guardians do not see the marks as final, and do when it is over", async () => {
    const guardian = await newGuardian();
    const { id, endsAt } = await finished("ABSENT");
    const versions: string[] = [];
    const seen = async (now: Date) => {
      const [mine] = (await myAttendance(contextOf(at(school().students, 0), { now }), { limit: 1 })).items;
      const [theirs] = (await familyAttendance(contextOf(guardian, { now }), student(0), { limit: 1 })).items;
      const day = await familyDay(contextOf(guardian, { now }));
      const [child] = day.children;
      const today = child?.classes.find(({ classSessionId }) => classSessionId === id);
      const { version } = await familyVersion(contextOf(guardian, { now }));
      versions.push(version);
      expect(day.version).toBe(version);
      return { mine: mine?.final, theirs: theirs?.final, today: today?.status, absences: child?.term.absent };
    };
    const before = await seen(later(endsAt, -1));
    expect(before).toMatchObject({ mine: false, theirs: false, today: null });
    expect(await seen(endsAt)).toEqual({
      mine: true,
      theirs: true,
      today: "ABSENT",
      absences: (before.absences ?? 0) + 1,
    });
    // An open page hears of the mark when its grace is over, of a later change of it, and of nothing else.
    await publishDueAlerts(db(), endsAt);
    await mark({ classSessionId: id, records: marks("PRESENT", "ABSENT") });
    await seen(endsAt);
    await seen(endsAt);
    expect(new Set(versions).size).toBe(3);
    expect(versions[3]).toBe(versions[2]);
    expect(await codeOf(familyVersion(teacher()))).toBe("forbidden");
  });
});

describe("at its end", () => {
  test("what is still ABSENT is published once, however many look, and later corrections as ever", async () => {
    const { id, endsAt } = await finished("ABSENT", "PRESENT", "ABSENT");
    const clients = [1, 2, 3, 4].map(() => createDb(process.env["DATABASE_URL"] ?? "", 1));
    const counts = await Promise.all(clients.map((client) => publishDueAlerts(client, endsAt)));
    expect(counts.reduce((a, b) => a + b)).toBe(1);
    expect(await publishDueAlerts(db(), endsAt)).toBe(0);
    await Promise.all(clients.map((client) => client.$disconnect()));
    expect(await told(id)).toEqual([
      ["attendance_marked_absent", student(0)],
      ["attendance_marked_absent", student(2)],
    ]);
    const entry = { action: "attendance.alerts_published", source: "worker", details: { alerts: 2 } };
    expect(await db().auditEntry.findMany({ where: { objectId: id, source: "worker" } })).toMatchObject([entry]);
    // The sheet is what it was: a correction made on it is no conflict.
    await mark({ classSessionId: id, records: marks("PRESENT"), expectedVersion: 1 });
    expect((await told(id)).slice(2)).toEqual([["attendance_corrected", student(0)]]);
  });

  test("nothing is said of a class that was cancelled meanwhile", async () => {
    const { id, endsAt } = await finished("ABSENT");
    await db().classSession.update({ where: { id }, data: { state: "CANCELLED" } });
    expect(await publishDueAlerts(db(), endsAt)).toBe(1);
    expect(await publishDueAlerts(db(), endsAt)).toBe(0);
    expect(await told(id)).toEqual([]);
  });

  test("a sheet that is being saved is left for the next look, not waited for", async () => {
    const { id, endsAt } = await finished("ABSENT");
    const client = createDb(process.env["DATABASE_URL"] ?? "", 1);
    await client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(7102, hashtext(${id}))::text`;
      expect(await publishDueAlerts(db(), endsAt)).toBe(0);
    });
    expect(await publishDueAlerts(db(), endsAt)).toBe(1);
    await client.$disconnect();
  });
});

describe("reopening", () => {
  test("opens the sheet, tells nobody, is harmless twice, and finishing anew starts a new grace", async () => {
    const { id, endsAt } = await finished("ABSENT", "PRESENT");
    const opened = await reopenSheet(colleague(), id);
    expect(opened).toEqual({ classSession: { id, state: "OPEN" }, version: 2 });
    expect(await reopenSheet(teacher(), id)).toEqual(opened);
    expect(await publishDueAlerts(db(), endsAt)).toBe(0);
    // Nothing is final: a mark may be cleared again.
    await mark({ classSessionId: id, records: marks(null), finalize: false });
    const again = await mark({ classSessionId: id, records: marks("LATE", "ABSENT") });
    expect(again.alertsAt).not.toBeNull();
    expect(await publishDueAlerts(db(), later(new Date(), GRACE_MS + 1_000))).toBe(1);
    expect(await told(id)).toEqual([["attendance_marked_absent", student(1)]]);
    const actions = await db().auditEntry.findMany({ where: { objectId: id, action: "attendance.reopened" } });
    expect(actions).toMatchObject([{ actorId: at(school().teachers, 1).id, details: { version: 2 } }]);
  });

  test("is refused when the grace is over, published or not, without one, and to everybody else", async () => {
    const { id, endsAt } = await finished("ABSENT");
    const late = contextOf(at(school().teachers, 0), { now: endsAt });
    expect(await codeOf(reopenSheet(late, id))).toBe("attendance_locked");
    await publishDueAlerts(db(), endsAt);
    expect(await codeOf(reopenSheet(teacher(), id))).toBe("attendance_locked");
    await settings(0);
    const atOnce = await finished("ABSENT");
    expect(atOnce.answer.alertsAt).toBeNull();
    expect(await told(atOnce.id)).toHaveLength(1);
    expect(await codeOf(reopenSheet(teacher(), atOnce.id))).toBe("attendance_locked");
    for (const stranger of [contextOf(at(school().teachers, 2)), contextOf(at(other().teachers, 0))])
      for (const act of [reopenSheet, notifyNow])
        expect(await codeOf(act(stranger, atOnce.id))).toBe("class_session_not_found");
    expect(await codeOf(reopenSheet(contextOf(at(school().students, 0)), id))).toBe("forbidden");
    const ahead = await newClass({ startsInMinutes: 180 });
    expect(await codeOf(reopenSheet(teacher(), ahead.id))).toBe("attendance_locked");
  });

  test("races the end: exactly one of the two happens, in every round", async () => {
    const processes = [createDb(process.env["DATABASE_URL"] ?? "", 2), createDb(process.env["DATABASE_URL"] ?? "", 2)];
    const [web = db(), worker = db()] = processes;
    const won = { reopened: 0, published: 0 };
    for (let round = 0; round < 30; round++) {
      const { id, endsAt } = await finished("ABSENT");
      const ctx = contextOf(at(school().teachers, 0), { now: later(endsAt, -1) });
      const [reopened] = await Promise.all([codeOf(reopenSheet(ctx, id, web)), publishDueAlerts(worker, endsAt)]);
      await publishDueAlerts(worker, endsAt);
      const { state } = (await attendanceSheet(teacher(), id)).classSession;
      const events = await told(id);
      if (reopened === "done") {
        expect({ state, events }).toEqual({ state: "OPEN", events: [] });
        won.reopened += 1;
      } else {
        expect(reopened).toBe("attendance_locked");
        expect({ state, events }).toEqual({ state: "FINALIZED", events: [["attendance_marked_absent", student(0)]] });
        won.published += 1;
      }
    }
    await Promise.all(processes.map((client) => client.$disconnect()));
    expect(won.reopened + won.published).toBe(30);
  }, 180_000);
});

test("a sheet that does not say who finished it is published all the same, by nobody", async () => {
  const { id, endsAt } = await finished("ABSENT", "PRESENT");
  await db().attendanceSheet.update({ where: { classSessionId: id }, data: { finalizedById: null } });
  expect(await publishDueAlerts(db(), endsAt)).toBe(1);
  expect(await told(id)).toEqual([["attendance_marked_absent", student(0)]]);
  expect((await published(id)).map(({ data }) => data["markedById"])).toEqual([at(school().teachers, 0).id]);
  const audited = await db().auditEntry.findMany({ where: { objectId: id, action: "attendance.alerts_published" } });
  expect(audited).toMatchObject([{ actorId: null, source: "worker", details: { alerts: 1 } }]);
});

test("notifying now publishes at once, and only once", async () => {
  const { id, endsAt } = await finished("ABSENT", "PRESENT");
  const answers = await Promise.all([notifyNow(teacher(), id), notifyNow(colleague(), id)]);
  const answer = { classSession: { id, state: "FINALIZED" }, version: 1, alertsAt: null };
  expect(answers).toEqual([answer, answer]);
  expect(await publishDueAlerts(db(), endsAt)).toBe(0);
  expect(await told(id)).toEqual([["attendance_marked_absent", student(0)]]);
  expect(await codeOf(notifyNow(teacher(), (await newClass()).id))).toBe("attendance_locked");
});

describe("setting it", () => {
  test("is the office's, leaves an audit row, and holds from the next class on", async () => {
    const { answer } = await finished("ABSENT");
    await setAlertGrace(admin(), { alertGraceSeconds: 0 });
    await setAlertGrace(admin(), { alertGraceSeconds: 0 });
    expect(await db().auditEntry.findMany({ where: { objectId: school().school.id } })).toMatchObject([
      { action: "school.alert_grace_set", actorId: school().admin.id, details: { from: 90, to: 0 } },
    ]);
    expect(answer.alertsAt).not.toBeNull();
    expect((await finished("ABSENT")).answer.alertsAt).toBeNull();
    expect(await codeOf(setAlertGrace(teacher(), { alertGraceSeconds: 5 }))).toBe("forbidden");
    await expect(settings(3_601)).rejects.toThrow("school_alert_grace_seconds_check");
  });
});

/** A new guardian of the first student. */
async function newGuardian() {
  const { id: schoolId } = school().school;
  const id = newId();
  const person = { id, schoolId, roles: ["GUARDIAN" as const], givenName: "Guardian", familyName: "One" };
  await db().user.create({ data: { ...person, email: `${id}@test.campusos.example` } });
  await db().guardianship.create({ data: { guardianId: id, studentId: student(0), schoolId } });
  return person;
}
