// The people of the demo school, for specs that change nothing of it that another spec needs.
import type { Page } from "@playwright/test";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };
import { signInTo } from "./sign-in";

/** Email and password of the demo person of a role. */
export function demoAccount(role: string): { email: string; password: string } {
  const account = accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`the demo school has no ${role}`);
  return account;
}

/** Signs the demo person of a role in on the way to `path`. */
export async function signInAs(page: Page, role: string, path: string): Promise<void> {
  await signInTo(page, demoAccount(role), path);
}
