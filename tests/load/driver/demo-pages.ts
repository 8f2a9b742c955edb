import type { Db } from "@/lib/platform/db/client";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

/** Who signs in with a password. */
export type Person = { email: string; password: string };
/** A page, and as whom it is asked for; null: nobody is signed in. */
export type Page = { name: string; path: string; who: Person | null };

/** The demo school's account of a role. */
export function accountOf(role: "student" | "teacher" | "guardian" | "admin"): Person {
  const account = accounts.find((each) => each.role === role);
  if (!account) throw new Error(`the demo school has no ${role}`);
  return account;
}

/** The newest class of the demo teacher that has begun, and a child of the demo guardian: what their pages are about. */
export async function demoScene(client: Db): Promise<{ classId: string; sectionId: string; childId: string }> {
  const own = await client.classSession.findFirstOrThrow({
    where: {
      section: { teachers: { some: { user: { email: accountOf("teacher").email } } } },
      startsAt: { lte: new Date() },
    },
    orderBy: { startsAt: "desc" },
    select: { id: true, sectionId: true },
  });
  const child = await client.guardianship.findFirstOrThrow({
    where: { guardian: { email: accountOf("guardian").email } },
    orderBy: { studentId: "asc" },
    select: { studentId: true },
  });
  return { classId: own.id, sectionId: own.sectionId, childId: child.studentId };
}

/** The product's pages as the people of the demo school see them. */
export function demoPages({ classId, sectionId, childId }: Awaited<ReturnType<typeof demoScene>>): Page[] {
  const [student, teacher, guardian, admin] = [
    accountOf("student"),
    accountOf("teacher"),
    accountOf("guardian"),
    accountOf("admin"),
  ];
  const today = new Date().toISOString().slice(0, 10);
  return [
    { name: "sign-in", path: "/login", who: null },
    { name: "ending mails", path: "/unsubscribe/not.ours", who: null },
    { name: "sections, all", path: "/sections?availability=all", who: student },
    { name: "section", path: `/sections/${sectionId}`, who: student },
    { name: "my week", path: "/timetable", who: student },
    { name: "my attendance", path: "/attendance", who: student },
    { name: "today", path: "/today", who: teacher },
    { name: "class, demo", path: `/classes/${classId}`, who: teacher },
    { name: "cancel or move", path: `/classes/${classId}/change`, who: teacher },
    { name: "guardian's home", path: "/family", who: guardian },
    { name: "a child's attendance", path: `/family/${childId}`, who: guardian },
    { name: "inbox", path: "/inbox", who: guardian },
    { name: "alerts", path: "/preferences", who: guardian },
    { name: "office overview", path: "/admin", who: admin },
    { name: "office calendar", path: "/admin/calendar", who: admin },
    { name: "a day of the office", path: `/admin/calendar/${today}`, who: admin },
    { name: "office settings", path: "/admin/settings", who: admin },
  ];
}
