import { z } from "zod";
import { env } from "@/lib/platform/env";
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

/** The accounts of the demo school; none unless CAMPUS_DEMO=1. */
export function demoAccounts(): DemoAccount[] {
  return env().CAMPUS_DEMO === true ? schema.parse(accounts) : [];
}
