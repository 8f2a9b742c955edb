// Every operation of the HTTP interface, asked by everybody who has no business with it: nobody, a forged token, an account that was
// ended, each role, and each role of another school with the ids of this one.
import { type APIRequestContext, expect, test } from "@playwright/test";
import { allOperations } from "@/app/api/openapi.json/operations";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { mayCall } from "@/tests/access/document";
import { ownProduct } from "@/tests/support/e2e-products";
import { addClassSession, at, buildSchool } from "@/tests/support/school";

const ROLES = ["STUDENT", "TEACHER", "GUARDIAN", "ADMIN"] as const;
const password = "the fog lifts at noon";

async function scene() {
  const client = createDb(ownProduct().databaseUrl, 2);
  try {
    const passwordHash = await hashPassword(password);
    const build = async () => {
      const school = await buildSchool(client, {
        students: 2,
        teachers: 2,
        guardiansOf: [0],
        sections: [{ enrolled: [0], teachers: [0] }],
      });
      await client.user.updateMany({ where: { schoolId: school.school.id }, data: { passwordHash } });
      return school;
    };
    const [ours, theirs] = [await build(), await build()];
    const [student, section] = [at(ours.students, 0), at(ours.sections, 0)];
    const enrollment = await client.enrollment.findFirstOrThrow({ where: { studentId: student.id } });
    const notification = newId();
    await client.notification.create({
      data: {
        id: notification,
        schoolId: student.schoolId,
        userId: student.id,
        category: "ABSENCE",
        kind: "attendance_marked_absent",
        eventId: notification,
        topic: notification,
        data: {},
      },
    });
    const classSession = await addClassSession(client, section);
    const dayOff = newId();
    await client.schoolDayOff.create({
      data: {
        id: dayOff,
        schoolId: student.schoolId,
        startsOn: new Date("2040-01-01"),
        endsOn: new Date("2040-01-01"),
        title: "Access",
        source: "OFFICE",
        createdAt: new Date(),
      },
    });
    const importId = newId();
    await client.rosterImport.create({
      data: {
        id: importId,
        targetSchoolId: student.schoolId,
        askedById: ours.admin.id,
        status: "DONE",
        dryRun: true,
        publicUrl: "http://localhost",
        finishedAt: new Date(),
        report: { tallies: { users: { created: 0, changed: 0, unchanged: 0, ended: 0 } } },
      },
    });
    /** Things of this school by the beginning of the paths that name them. */
    const ids: Record<string, string> = {
      "/api/attendance/": classSession.id,
      "/api/class-sessions/": classSession.id,
      "/api/calendar/days-off/": dayOff,
      "/api/enrollments/": enrollment.id,
      "/api/family/students/": student.id,
      "/api/notifications/": notification,
      "/api/push-subscriptions/": await addDevice(client, student),
      "/api/roster-imports/": importId,
    };
    return { ours, theirs, ids };
  } finally {
    await client.$disconnect();
  }
}

async function addDevice(
  client: ReturnType<typeof createDb>,
  { id: userId, schoolId }: { id: string; schoolId: string },
) {
  const id = newId();
  const keys = { p256dh: "x", auth: "x", vapidPublicKey: "x" };
  await client.pushSubscription.create({
    data: { id, schoolId, userId, endpoint: `https://push.example/${id}`, ...keys },
  });
  return id;
}

type Everybody = Awaited<ReturnType<typeof scene>>["ours"];
const person = (school: Everybody, role: Role, index = 0) =>
  role === "ADMIN"
    ? school.admin
    : at({ STUDENT: school.students, TEACHER: school.teachers, GUARDIAN: school.guardians }[role], index);

async function tokenOf(request: APIRequestContext, email: string): Promise<string> {
  const answer = await request.post("/api/login", { data: { email, password } });
  expect(answer.status()).toBe(200);
  return String(((await answer.json()) as { accessToken: string }).accessToken);
}

test("every operation refuses whom it is not for, in one form, and shows nobody what is another school's", async ({
  request,
}) => {
  test.slow();
  const { ours, theirs, ids } = await scene();
  const gone = await tokenOf(request, person(ours, "STUDENT", 1).email);
  const office = createDb(ownProduct().databaseUrl, 1);
  await office.authSession.updateMany({
    where: { userId: person(ours, "STUDENT", 1).id },
    data: { revokedAt: new Date(), revokedReason: "account_ended" },
  });
  await office.$executeRaw`
    UPDATE auth_session SET revoked_xid = pg_current_xact_id()::text::bigint WHERE user_id = ${person(ours, "STUDENT", 1).id}`;
  await office.$disconnect();
  await expect
    .poll(async () => (await request.get("/api/ping", { headers: { authorization: `Bearer ${gone}` } })).status())
    .toBe(401);
  const tokens = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await tokenOf(request, person(ours, role).email)] as const)),
  );
  const foreign = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await tokenOf(request, person(theirs, role).email)] as const)),
  );
  const forged = `${String(tokens["ADMIN"]).split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`;
  const cells: string[] = [];

  for (const operation of allOperations()) {
    const { id, method, access } = operation;
    if (access === "public" || id === "logout") continue;
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
    const [, own] = Object.entries(ids).find(([begins]) => operation.path.startsWith(`${begins}{`)) ?? [];
    if (names.length > 0) expect(own, `${id} has something of ours to ask for`).toBeDefined();
    const path = operation.path.replaceAll(/\{\w+\}/g, own ?? "");
    // A body that no schema takes: who may call it is told what is wrong with it, and nothing is changed.
    const ask = async (token: string | null) => {
      const answer = await request.fetch(path, {
        method,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        ...(method === "GET" || method === "DELETE" ? {} : { data: { nothing: "of this" } }),
      });
      const text = await answer.text();
      const isProblem = answer.headers()["content-type"] === "application/problem+json";
      const code = isProblem ? String((JSON.parse(text) as { code: string }).code) : "";
      return { status: answer.status(), code, text };
    };
    for (const [who, token] of [
      ["nobody", null],
      ["forged", forged],
      ["gone", gone],
    ] as const) {
      const { status, code } = await ask(token);
      expect({ id, who, status }).toEqual({ id, who, status: 401 });
      expect(code).toBe(who === "gone" ? "session_revoked" : "unauthenticated");
      cells.push(`${id} ${who}`);
    }
    for (const role of ROLES) {
      if (!mayCall(access, role)) {
        for (const token of [tokens[role], foreign[role]]) {
          const { status, code } = await ask(token ?? null);
          expect({ id, role, status, code }).toEqual({ id, role, status: 403, code: "forbidden" });
          cells.push(`${id} ${role}`);
        }
        continue;
      }
      // Somebody of another school with the role: no id of ours leads anywhere, and no answer has one of ours in it.
      const { status, code, text } = await ask(foreign[role] ?? null);
      expect({ id, role, status }).not.toEqual({ id, role, status: 401 });
      expect({ id, role, status }).not.toEqual({ id, role, status: 403 });
      expect(status, `${id} ${role}`).toBeLessThan(500);
      if (names.length > 0 && operation.body === undefined && operation.upload === undefined) {
        expect({ id, role, status }).toEqual({ id, role, status: 404 });
        expect(code).toMatch(/not_found$/);
      }
      for (const theirOwn of Object.values(ids)) expect(text.includes(theirOwn), `${id} ${role}`).toBe(false);
      cells.push(`${id} foreign ${role}`);
    }
  }
  test.info().annotations.push({ type: "cells", description: String(cells.length) });
  expect(cells.length).toBeGreaterThan(200);
});
