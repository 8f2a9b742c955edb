// Who must have a second factor: from when it counts, what a token says of it, and what is refused after the grace.
import { expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { at, buildSchool, contextOf, provenContextOf } from "@/tests/support/school";
import { verifyAccessToken } from "../sessions/access-token";
import { openSession } from "../sessions/sessions";
import { factorDaysLeft, refuseOverdue } from "./rule";
import { setFactorRule } from "./set-factor-rule";

const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error.code,
  );
const signIn = async (userId: string) => {
  const opened = await transaction((tx) => openSession(tx, userId, new Date()));
  return verifyAccessToken(opened?.accessToken ?? "");
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

it("counts from the first sign-in under the rule, for its roles alone, and is over with a factor", async () => {
  const { students, teachers, admin } = await buildSchool(db(), { students: 1, teachers: 1 });
  const [student, teacher] = [at(students, 0), at(teachers, 0)];
  expect((await signIn(teacher.id)).factorDueAt).toBeUndefined();
  const office = await provenContextOf(db(), admin);
  const rule = { factorRoles: ["ADMIN", "TEACHER"] as const, factorGraceDays: 14 };
  expect(await refused(setFactorRule(contextOf(admin), { ...rule, factorRoles: [...rule.factorRoles] }))).toBe(
    "proof_required",
  );
  for (let twice = 0; twice < 2; twice++) await setFactorRule(office, { ...rule, factorRoles: [...rule.factorRoles] });
  expect(await db().auditEntry.count({ where: { action: "school.factor_rule_set", schoolId: admin.schoolId } })).toBe(
    1,
  );

  expect((await signIn(student.id)).factorDueAt).toBeUndefined();
  const first = await signIn(teacher.id);
  expect((first.factorDueAt ?? 0) * 1000).toBeGreaterThan(inDays(13.99).getTime());
  expect((await signIn(teacher.id)).factorDueAt).toBe(first.factorDueAt);
  expect(await factorDaysLeft({ actor: first }, new Date())).toBe(14);
  expect(await factorDaysLeft({ actor: first }, inDays(13.5))).toBe(1);
  await refuseOverdue(first, inDays(13.5));
  expect(await refused(refuseOverdue(first, inDays(14.1)))).toBe("second_factor_setup_required");

  // Whoever sets one up goes on with the token that they have.
  await db().totpFactor.create({
    data: { userId: teacher.id, secret: Buffer.from("x"), confirmedAt: new Date(), lastStep: 0 },
  });
  await refuseOverdue(first, inDays(14.1));
  expect(await factorDaysLeft({ actor: first }, new Date())).toBeNull();
  expect((await signIn(teacher.id)).factorDueAt).toBeUndefined();
});

it("of several first sign-ins at the same moment none fails", async () => {
  const { teachers, school } = await buildSchool(db(), { teachers: 1 });
  await db().school.update({ where: { id: school.id }, data: { factorRoles: ["TEACHER"] } });
  const all = await Promise.all(Array.from({ length: 8 }, () => signIn(at(teachers, 0).id)));
  expect(new Set(all.map(({ factorDueAt }) => factorDueAt)).size).toBe(1);
});
