import { z } from "zod";
import { db, isDatabaseDown } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import accounts from "@/prisma/seed/accounts.json";

const schema = z.array(
  z.object({
    role: z.enum(["student", "teacher", "guardian", "admin"]),
    name: z.string(),
    email: z.string(),
    password: z.string(),
  }),
);
export type DemoAccount = z.output<typeof schema>[number];

/**
 * The accounts of the demo school that can sign in here; none unless CAMPUS_DEMO=1. With a database that was filled by
 * somebody else there are none either. None, too, while the database is away: the page that shows them stays up.
 */
export async function demoAccounts(): Promise<DemoAccount[]> {
  if (env().CAMPUS_DEMO !== true) return [];
  const known = schema.parse(accounts);
  try {
    const rows = await db().user.findMany({
      where: { email: { in: known.map(({ email }) => email) }, active: true, passwordHash: { not: null } },
      select: { email: true },
    });
    const emails = new Set(rows.map(({ email }) => email));
    return known.filter(({ email }) => emails.has(email));
  } catch (error) {
    if (isDatabaseDown(error)) return [];
    throw error;
  }
}
