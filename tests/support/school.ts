import type { Db } from "@/lib/platform/db/client";
import type { Actor, Context, Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { dateFromText, dateText, instantOf, localDateOf } from "@/lib/shared/time";

export type TestMeeting = { day: number; startMinute: number; endMinute: number };
export type TestSection = {
  code?: string;
  capacity?: number;
  meetings?: TestMeeting[];
  weeks?: string;
  /** Index of the course; sections with the same one belong to the same course. Default: a course of its own. */
  course?: number;
  /** Indexes of its teachers; default the first. */
  teachers?: number[];
  /** Indexes of students who are enrolled by the office. */
  enrolled?: number[];
};
export type TestSchoolOptions = {
  students?: number;
  teachers?: number;
  /** Student index for each guardian. */
  guardiansOf?: number[];
  sections?: TestSection[];
  timeZone?: string;
  now?: Date;
  /** Term length around `now`, in weeks before and after. */
  weeksBefore?: number;
  weeksAfter?: number;
};
export type TestSchool = Awaited<ReturnType<typeof buildSchool>>;

/**
 * A school with people, a running term, courses, sections with their meetings, class sessions of the whole term and
 * office enrollments, written straight to the tables. Everything has synthetic names and its own ids, so that several
 * schools can live in one test database. Nobody has a password (see `setPassword` of the identity tests).
 */
export async function buildSchool(client: Db, options: TestSchoolOptions = {}) {
  const timeZone = options.timeZone ?? "Europe/Prague";
  const now = options.now ?? new Date();
  const tag = newId().slice(-8);
  const school = { id: newId(), sourcedId: `school-${tag}`, name: `Test School ${tag}`, timeZone };
  await client.school.create({ data: school });

  const people = async (count: number, role: Role, word: string) => {
    const rows = Array.from({ length: count }, (_, n) => ({
      id: newId(),
      schoolId: school.id,
      sourcedId: `${word}-${n}`,
      email: `${word}.${n}.${tag}@test.campusos.example`,
      givenName: `${word[0]?.toUpperCase()}${word.slice(1)}`,
      familyName: `Number${String(n).padStart(4, "0")}`,
      roles: [role],
    }));
    await client.user.createMany({ data: rows });
    return rows;
  };
  const students = await people(options.students ?? 3, "STUDENT", "student");
  const teachers = await people(options.teachers ?? 1, "TEACHER", "teacher");
  const guardians = await people(options.guardiansOf?.length ?? 0, "GUARDIAN", "guardian");
  const [admin] = await people(1, "ADMIN", "admin");
  await client.guardianship.createMany({
    data: (options.guardiansOf ?? []).map((student, n) => ({
      guardianId: at(guardians, n).id,
      studentId: at(students, student).id,
      schoolId: school.id,
    })),
  });

  const today = localDateOf(now, timeZone);
  const firstMonday = mondayOf(addDays(today, -7 * (options.weeksBefore ?? 4)));
  const lastSunday = addDays(mondayOf(today), 7 * (options.weeksAfter ?? 4) + 6);
  const term = {
    id: newId(),
    schoolId: school.id,
    sourcedId: `term-${tag}`,
    title: "Test term",
    startsOn: day(firstMonday),
    endsOn: day(lastSunday),
  };
  await client.term.create({ data: term });

  const courses = new Map<number, { id: string; code: string; title: string }>();
  const sections = [];
  for (const [n, wanted] of (options.sections ?? [{}]).entries()) {
    const courseIndex = wanted.course ?? 1000 + n;
    let course = courses.get(courseIndex);
    if (!course) {
      course = { id: newId(), code: `C${courseIndex}`, title: `Course ${courseIndex}` };
      await client.course.create({
        data: { ...course, schoolId: school.id, sourcedId: `course-${courseIndex}`, subject: "Testing", credits: 4 },
      });
      courses.set(courseIndex, course);
    }
    const enrolled = (wanted.enrolled ?? []).map((index) => at(students, index));
    const section = {
      id: newId(),
      schoolId: school.id,
      sourcedId: `section-${n}`,
      courseId: course.id,
      termId: term.id,
      code: wanted.code ?? `${course.code}.${n}`,
      title: course.title,
      capacity: wanted.capacity ?? 30,
      waitlistCapacity: wanted.capacity ?? 30,
      seatsTaken: enrolled.length,
      officeSeats: enrolled.length,
      weeks: wanted.weeks ?? null,
    };
    await client.section.create({ data: section });
    const meetings = (wanted.meetings ?? [{ day: 1, startMinute: 540, endMinute: 590 }]).map((meeting) => ({
      id: newId(),
      sectionId: section.id,
      ...meeting,
    }));
    await client.meeting.createMany({ data: meetings });
    await client.sectionTeacher.createMany({
      data: (wanted.teachers ?? [0]).map((index) => ({ sectionId: section.id, userId: at(teachers, index).id })),
    });
    const classSessions = meetings.flatMap((meeting) =>
      datesOf(firstMonday, lastSunday, meeting.day, section.weeks).map((date) => ({
        id: newId(),
        schoolId: school.id,
        sectionId: section.id,
        meetingId: meeting.id,
        date: day(date),
        startsAt: instantOf(date, meeting.startMinute, timeZone),
        endsAt: instantOf(date, meeting.endMinute, timeZone),
      })),
    );
    await client.classSession.createMany({ data: classSessions });
    await client.enrollment.createMany({
      data: enrolled.map((student) => ({
        id: newId(),
        schoolId: school.id,
        sectionId: section.id,
        studentId: student.id,
        courseId: section.courseId,
        termId: term.id,
        status: "ENROLLED" as const,
        origin: "OFFICE" as const,
        enrolledAt: term.startsOn,
      })),
    });
    sections.push({ ...section, meetings, classSessions });
  }
  return {
    school,
    students,
    teachers,
    guardians,
    admin: at(admin ? [admin] : [], 0),
    term,
    courses: [...courses.values()],
    sections,
  };
}

/** A context in which `person` acts, for calling use-cases directly. */
export function contextOf(
  person: { id: string; schoolId: string; roles: readonly Role[] },
  overrides: Partial<Context> = {},
): Context {
  const actor: Actor = { userId: person.id, schoolId: person.schoolId, roles: person.roles, sessionId: "test-session" };
  return { actor, requestId: newId(), now: new Date(), source: "api", ...overrides };
}

/** The same in a session that is there, and in which the person has just shown who they are. */
export async function provenContextOf(client: Db, person: Parameters<typeof contextOf>[0]): Promise<Context> {
  const session = { id: newId(), userId: person.id, schoolId: person.schoolId };
  await client.authSession.create({ data: { ...session, expiresAt: new Date(Date.now() + 86_400_000) } });
  const ctx = contextOf(person);
  return { ...ctx, actor: { ...ctx.actor, sessionId: session.id } };
}

/** One more class session of a section, by default running at `now`. */
export async function addClassSession(
  client: Db,
  section: { id: string; schoolId: string },
  options: { now?: Date; timeZone?: string; startsInMinutes?: number; lengthMinutes?: number } = {},
) {
  const now = options.now ?? new Date(nextInstant());
  const startsAt = new Date(now.getTime() + (options.startsInMinutes ?? -10) * 60_000);
  const row = {
    id: newId(),
    schoolId: section.schoolId,
    sectionId: section.id,
    date: day(localDateOf(startsAt, options.timeZone ?? "Europe/Prague")),
    startsAt,
    endsAt: new Date(startsAt.getTime() + (options.lengthMinutes ?? 50) * 60_000),
  };
  await client.classSession.create({ data: row });
  return row;
}

let lastInstant = 0;

/** Now, but never the same millisecond twice: no two classes of a section start at the same instant. */
function nextInstant(): number {
  lastInstant = Math.max(Date.now(), lastInstant + 1);
  return lastInstant;
}
/** The element at `index`, or an error that names it (for arrays that a test has just made). */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`nothing at index ${index} of ${list.length}`);
  return value;
}

function day(text: string): Date {
  const date = dateFromText(text);
  if (!date) throw new RangeError(`no such date: ${text}`);
  return date;
}

function addDays(text: string, days: number): string {
  return dateText(new Date(day(text).getTime() + days * 86_400_000));
}

function mondayOf(text: string): string {
  return addDays(text, -((day(text).getUTCDay() + 6) % 7));
}

function datesOf(firstMonday: string, last: string, isoDay: number, weeks: string | null): string[] {
  const dates: string[] = [];
  for (let week = 0; ; week++) {
    const date = addDays(firstMonday, week * 7 + isoDay - 1);
    if (date > last) return dates;
    if (weeks === null || weeks[week] === "1") dates.push(date);
  }
}
