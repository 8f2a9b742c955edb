import { expect, test } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool } from "@/tests/support/school";
import { deleteExpiredSessions } from "./delete-expired-sessions";

test("deletes sessions that expired long ago with their tokens, and keeps the others", async () => {
  const { prisma } = await testDatabase();
  const school = await buildSchool(prisma, { students: 1 });
  const student = at(school.students, 0);
  const now = new Date();
  const session = async (expiredDaysAgo: number) => {
    const id = newId();
    const expiresAt = new Date(now.getTime() - expiredDaysAgo * 86_400_000);
    await prisma.authSession.create({ data: { id, userId: student.id, schoolId: student.schoolId, expiresAt } });
    await prisma.refreshToken.create({ data: { id: newId(), sessionId: id, tokenHash: Buffer.from(id), expiresAt } });
    return id;
  };
  await session(30);
  const kept = [await session(1), await session(-10)];
  expect(await deleteExpiredSessions(prisma, now)).toBe(1);
  expect((await prisma.authSession.findMany()).map(({ id }) => id).sort()).toEqual(kept.sort());
  expect(await prisma.refreshToken.count()).toBe(2);
  expect(await deleteExpiredSessions(prisma, now)).toBe(0);
});
