import { redirect } from "next/navigation";
import { cache } from "react";
import { findSetup } from "@/lib/identity/setup/setup-link";

/** What the link of a set-up page leads to, read once for a page; null when it does not work any more. */
const setupOf = cache((token: string) => findSetup(token));

/** The set-up of a step's page; a link that does not work leads to the page that says so. */
export async function foundSetup(token: string) {
  const setup = await setupOf(token);
  if (!setup) redirect(`/setup/${encodeURIComponent(token)}`);
  return setup;
}

/** Where a link leads: the first step that is not done; null when it does not work any more. */
export async function firstStep(token: string): Promise<"school" | "administrator" | null> {
  const setup = await setupOf(token);
  return setup && (setup.school ? "administrator" : "school");
}
