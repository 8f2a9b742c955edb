import { env } from "@/lib/platform/runtime/env";
import { log } from "@/lib/platform/runtime/log";
import { nextAuthSecret, signingKey, vapidKeys } from "@/lib/platform/runtime/secrets";

/** Characters below which a secret gets a warning: it is the operator's own decision. */
const SHORTEST = [
  ["METRICS_TOKEN", 8],
  ["NEXTAUTH_SECRET", 16],
] as const;

/**
 * Reads the whole configuration and every secret, and ends the process with one sentence for what is wrong: better no
 * process than one that signs with a key nobody can verify, or that finds out at the first sign-in. (Next.js only logs
 * what is thrown at the start, and goes on without answering.)
 */
export function checkConfiguration(): void {
  try {
    const given = env();
    for (const [name, shortest] of SHORTEST) {
      const length = given[name]?.length ?? shortest;
      if (length < shortest) log().warn({ setting: name, shortest }, "this secret is so short that it can be guessed");
    }
    signingKey();
    nextAuthSecret();
    vapidKeys();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
