// A school of its own for the specs about attendance: 30 students with real names, teachers, a guardian and a student who
// can sign in, and classes made as needed, so that no spec changes the demo school under another.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, type Db } from "@/lib/platform/db/client";
import { localDateOf } from "@/lib/shared/time";
import { addClassSession, at, buildSchool } from "@/tests/support/school";
import { ownProduct } from "@/tests/support/e2e-products";

const PASSWORD = "e2e-attendance-password";
const NAMES = [
  "Anna Nováková",
  "Adam Bartoš",
  "Bára Černá",
  "Cyril Dvořák",
  "Dana Eliášová",
  "Emil Fiala",
  "Filip Gregor",
  "Gita Havlová",
  "Hana Ingrová",
  "Ivo Jelínek",
  "Jana Králová",
  "Karel Lukeš",
  "Lenka Malá",
  "Marek Němec",
  "Nela Ondráčková",
  "Oto Pokorný",
  "Pavla Růžičková",
  "Radek Šťastný",
  "Soňa Tichá",
  "Tomáš Urban",
  "Ulrika Vaňková",
  "Vít Weiss",
  "Wanda Xaverová",
  "Xenie Yakovová",
  "Yvona Zemanová",
  "Zdeněk Žák",
  "Žofie Adámková",
  "Šimon Beneš",
  "Řehoř Cibulka",
  "Čeněk Doležal",
];

export type Scene = Awaited<ReturnType<typeof attendanceScene>>;

/** The school, and ways to make classes and sign in. Call `close` at the end. */
export async function attendanceScene() {
  const client: Db = createDb(ownProduct().databaseUrl, 2);
  const timeZone = zoneAtNoon(new Date());
  const enrolled = NAMES.map((_, n) => n);
  const school = await buildSchool(client, {
    timeZone,
    students: 31,
    teachers: 2,
    guardiansOf: [0],
    weeksBefore: 1,
    weeksAfter: 1,
    sections: [{ enrolled, meetings: [], code: "8.A" }],
  });
  for (const [n, name] of NAMES.entries()) {
    const [givenName = "", familyName = ""] = name.split(" ");
    await client.user.update({ where: { id: at(school.students, n).id }, data: { givenName, familyName } });
  }
  const passwordHash = await hashPassword(PASSWORD);
  const people = [...school.teachers, at(school.guardians, 0), at(school.students, 0), school.admin];
  await client.user.updateMany({ where: { id: { in: people.map(({ id }) => id) } }, data: { passwordHash } });
  const section = at(school.sections, 0);
  await client.sectionTeacher.create({ data: { sectionId: section.id, userId: at(school.teachers, 1).id } });
  return {
    section,
    teacher: { email: at(school.teachers, 0).email, password: PASSWORD },
    colleague: { email: at(school.teachers, 1).email, password: PASSWORD },
    guardian: { email: at(school.guardians, 0).email, password: PASSWORD },
    student: { email: at(school.students, 0).email, password: PASSWORD },
    admin: { email: school.admin.email, password: PASSWORD },
    /** The local date so many days from now. */
    dateIn: (days: number) => localDateOf(new Date(Date.now() + days * 86_400_000), timeZone),
    /** The student leaves the class: what is still to come is without them. */
    leave: (name: string) =>
      client.enrollment.updateMany({
        where: { sectionId: section.id, studentId: at(school.students, NAMES.indexOf(name)).id },
        data: { status: "DROPPED", droppedAt: new Date(), countsUntil: new Date() },
      }),
    students: school.students,
    studentNamed: (name: string) => at(school.students, NAMES.indexOf(name)),
    newClass: (options: Parameters<typeof addClassSession>[2] = {}) =>
      addClassSession(client, section, { timeZone, ...options }),
    /** Seconds between finishing a class and notifying guardians. */
    setGrace: (alertGraceSeconds: number | null) =>
      client.school.update({ where: { id: section.schoolId }, data: { alertGraceSeconds } }),
    /** Types of what was published about a class, in order. */
    published: async (classSessionId: string) =>
      (
        await client.$queryRaw<{ type: string }[]>`
          SELECT type FROM outbox_event WHERE envelope->'data'->>'classSessionId' = ${classSessionId} ORDER BY id`
      ).map(({ type }) => type),
    link: (guardianId: string, studentId: string) =>
      client.guardianship.create({ data: { guardianId, studentId, schoolId: at(school.guardians, 0).schoolId } }),
    close: () => client.$disconnect(),
  };
}

/** A zone in which it is noon: what a spec does in an hour is on one local date, whenever it runs. */
function zoneAtNoon(now: Date): string {
  const hoursAhead = 12 - now.getUTCHours();
  return `Etc/GMT${hoursAhead > 0 ? "-" : "+"}${Math.abs(hoursAhead)}`; // the sign of these names is the other way round
}

/** No violation of WCAG 2.2 AA or of the best practices that axe knows. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
}
