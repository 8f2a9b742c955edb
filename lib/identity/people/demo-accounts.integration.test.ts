import { beforeEach, describe, expect, it, vi } from "vitest";
import { db } from "@/lib/platform/db/client";
import accounts from "@/prisma/seed/accounts.json";
import { buildSchool } from "@/tests/support/school";
import { forgetSingletons } from "@/tests/support/singletons";
import { demoAccounts } from "./demo-accounts";

const emails = async () => (await demoAccounts()).map(({ email }) => email);

/** The configuration is read once: everything that was made with the old one has to go. */
async function configure(demo: "0" | "1"): Promise<void> {
  await db().$disconnect();
  forgetSingletons();
  vi.stubEnv("CAMPUS_DEMO", demo);
}

beforeEach(() => configure("1"));

describe("demoAccounts", () => {
  it("shows none in a database that somebody else filled", async () => {
    await buildSchool(db(), { students: 2 });
    expect(await emails()).toEqual([]);
  });

  it("shows those who can sign in", async () => {
    const [student, teacher, guardian] = accounts;
    const { students } = await buildSchool(db(), { students: 3 });
    for (const [index, data] of [
      { email: student?.email ?? "", passwordHash: "a hash" },
      { email: teacher?.email ?? "", passwordHash: "a hash", active: false },
      { email: guardian?.email ?? "", passwordHash: null },
    ].entries())
      await db().user.update({ where: { id: students[index]?.id ?? "" }, data });
    expect(await emails()).toEqual([student?.email]);
  });

  it("shows none unless this is a demo", async () => {
    expect(await emails()).not.toEqual([]);
    await configure("0");
    expect(await emails()).toEqual([]);
  });
});
