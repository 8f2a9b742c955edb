// Rows that link two schools: the keys refuse them, and where one has come to be all the same, nobody is answered by it.
import { beforeAll, describe, expect, it } from "vitest";
import { busyTeachers, teachersOf } from "@/lib/catalog/calendar/class-session-changes";
import { teachingAmong } from "@/lib/catalog/import/import-teachers";
import { enrolledAmong } from "@/lib/enrollment/import/import-enrollments";
import { busyStudents } from "@/lib/enrollment/members/busy-students";
import { leaversOf, sectionMembersDuring, sectionsOfStudents } from "@/lib/enrollment/members/section-members";
import { liveEnrollments } from "@/lib/enrollment/registration/own-enrollments";
import { withoutLiveInvitation } from "@/lib/identity/import/import-invitations";
import { guardiansOf, peopleByIds, studentsOfGuardian } from "@/lib/identity/people/people";
import { alertReach } from "@/lib/notification/preferences/alert-reach";
import { listDevices, listNotifications } from "@/lib/notification/queries";
import { db, transaction, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { getWeek } from "@/lib/timetable/get-week";
import { listEnrollments } from "@/lib/timetable/list-enrollments";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { newSubscription } from "./scene";

let ours: TestSchool;
let theirs: TestSchool;
const schoolId = () => ours.school.id;
const student = () => at(ours.students, 0);
const section = () => at(ours.sections, 0);
const stranger = () => at(theirs.students, 0);
const strangerTeacher = () => at(theirs.teachers, 0);
const strangerGuardian = () => at(theirs.guardians, 0);

beforeAll(async () => {
  const options = { students: 1, teachers: 1, guardiansOf: [0], sections: [{ enrolled: [0] }] };
  ours = await buildSchool(db(), options);
  theirs = await buildSchool(db(), options);
});

/** Rows that name a school and somebody or something of the other, by table; for each school as the row's own. */
function links(inSchool: string): Record<string, (tx: Tx) => Promise<unknown>> {
  const enrollment = {
    schoolId: inSchool,
    courseId: section().courseId,
    termId: ours.term.id,
    status: "ENROLLED",
    origin: "OFFICE",
  } as const;
  const [endpointed, soon] = [newSubscription(), new Date(Date.now() + 3_600_000)];
  const whose = inSchool === schoolId() ? stranger() : student();
  return {
    "guardianship of a foreign guardian": (tx) =>
      tx.guardianship.create({
        data: { schoolId: inSchool, guardianId: strangerGuardian().id, studentId: student().id },
      }),
    "guardianship of a foreign student": (tx) =>
      tx.guardianship.create({
        data: { schoolId: inSchool, guardianId: at(ours.guardians, 0).id, studentId: stranger().id },
      }),
    "enrollment of a foreign student": (tx) =>
      tx.enrollment.create({
        data: { ...enrollment, id: newId(), sectionId: section().id, studentId: stranger().id },
      }),
    "enrollment in a foreign section": (tx) =>
      tx.enrollment.create({
        data: { ...enrollment, id: newId(), sectionId: at(theirs.sections, 0).id, studentId: student().id },
      }),
    "mark of a foreign student": (tx) =>
      tx.attendanceRecord.create({
        data: {
          id: newId(),
          schoolId: inSchool,
          classSessionId: at(section().classSessions, inSchool === schoolId() ? 0 : 1).id,
          studentId: whose.id,
          status: "ABSENT",
          markedAt: new Date(),
          markedById: whose.id,
        },
      }),
    "notification of another school": (tx) =>
      tx.notification.create({
        data: {
          id: newId(),
          schoolId: inSchool,
          userId: whose.id,
          category: "ABSENCE",
          kind: "attendance_marked_absent",
          eventId: newId(),
          topic: newId(),
          data: {},
        },
      }),
    "device of another school": (tx) =>
      tx.pushSubscription.create({
        data: {
          id: newId(),
          schoolId: inSchool,
          userId: whose.id,
          endpoint: endpointed.endpoint,
          ...endpointed.keys,
          vapidPublicKey: "none",
        },
      }),
    "session of another school": (tx) =>
      tx.authSession.create({ data: { id: newId(), schoolId: inSchool, userId: whose.id, expiresAt: soon } }),
  };
}

describe("a row that links two schools", () => {
  it("is refused by its key, whichever school it says to be of", async () => {
    for (const inSchool of [schoolId(), theirs.school.id])
      for (const [name, write] of Object.entries(links(inSchool)))
        await expect(
          transaction((tx) => write(tx)),
          `${name} in ${inSchool}`,
        ).rejects.toThrow(/[Ff]oreign key/);
  });

  describe("that has come to be", () => {
    const span = () => {
      const { startsAt, endsAt } = at(section().classSessions, 0);
      return { startsAt, endsAt };
    };

    beforeAll(async () => {
      for (const inSchool of [schoolId(), theirs.school.id])
        for (const [name, write] of Object.entries(links(inSchool))) {
          // Two people are linked once, and a student is in a section once, whatever the school of the row.
          if (inSchool !== schoolId() && /^(?:guardianship|enrollment) /.test(name)) continue;
          await unchecked(write);
        }
      // A teacher's row has no school of its own.
      await db().sectionTeacher.create({ data: { sectionId: section().id, userId: strangerTeacher().id } });
    });

    it("makes nobody a guardian or a guardian's student", async () => {
      const own = { studentId: student().id, guardianId: at(ours.guardians, 0).id };
      expect(await guardiansOf(db(), schoolId(), [student().id, stranger().id])).toEqual([own]);
      expect(await guardiansOf(db(), theirs.school.id, [student().id])).toEqual([]);
      expect(await studentsOfGuardian(db(), schoolId(), strangerGuardian().id)).toEqual([]);
      expect((await studentsOfGuardian(db(), schoolId(), own.guardianId)).map(({ id }) => id)).toEqual([student().id]);
      expect((await studentsOfGuardian(db(), theirs.school.id, strangerGuardian().id)).map(({ id }) => id)).toEqual([
        stranger().id,
      ]);
      const absence = { studentId: student().id, markedById: null };
      expect(await alertReach(contextOf(at(ours.teachers, 0)), [absence])).toMatchObject({ notified: 1, inboxOnly: 1 });
    });

    it("puts nobody into a section or into somebody's timetable", async () => {
      const spans = [{ ...span(), key: "k", sectionId: section().id }];
      const members = await sectionMembersDuring(db(), schoolId(), spans);
      expect(members.map(({ studentId }) => studentId)).toEqual([student().id]);
      await unchecked(
        (tx) => tx.$executeRaw`
        UPDATE enrollment SET counts_until = now() - interval '1 hour' WHERE student_id = ${stranger().id}`,
      );
      expect(await leaversOf(db(), schoolId(), section().id, new Date())).toEqual(new Map());
      const live = await liveEnrollments(db(), schoolId(), [student().id]);
      expect(live.get(student().id)?.map(({ sectionId }) => sectionId)).toEqual([section().id]);
      expect((await liveEnrollments(db(), theirs.school.id, [student().id])).get(student().id)).toEqual([]);
      expect(await sectionsOfStudents(db(), theirs.school.id, [student().id], span())).toEqual([]);
      const ctx = contextOf(student());
      expect((await listEnrollments(ctx, { limit: 50 })).items.map(({ sectionId }) => sectionId)).toEqual([
        section().id,
      ]);
      expect((await getWeek(ctx, {})).days.flatMap(({ classes }) => classes).map(({ sectionId }) => sectionId)).toEqual(
        [section().id],
      );
    });

    it("makes nobody a teacher, and nobody busy", async () => {
      const teacher = at(ours.teachers, 0).id;
      expect(await teachersOf(db(), schoolId(), section().id)).toEqual([teacher]);
      const both = [teacher, strangerTeacher().id];
      expect(await busyTeachers(db(), schoolId(), both, "none", span())).toEqual([teacher]);
      expect(await busyTeachers(db(), theirs.school.id, [teacher], "none", span())).toEqual([]);
      expect(await busyStudents(db(), theirs.school.id, [student().id], "none", span())).toEqual([]);
      expect(await teachingAmong(db(), theirs.school.id, [teacher])).toEqual(new Set());
      expect(await enrolledAmong(db(), theirs.school.id, [student().id])).toEqual(new Set());
      expect(await withoutLiveInvitation(db(), theirs.school.id, [student().id])).toEqual([]);
      expect((await peopleByIds(db(), theirs.school.id, [student().id])).size).toBe(0);
    });

    it("shows nobody a notification or a device", async () => {
      expect(await listNotifications(contextOf(student()), { locale: "en", limit: 50 })).toMatchObject({
        items: [],
        unread: 0,
      });
      expect(await listDevices(contextOf(student()), { locale: "en" })).toEqual([]);
    });
  });
});

/** Writes without a look at foreign keys: a row as one from before them may be. */
function unchecked(write: (tx: Tx) => Promise<unknown>): Promise<void> {
  return transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await write(tx);
  });
}
