import { env } from "@/lib/platform/env";
import { nextAuthSecret, signingKey, vapidKeys } from "@/lib/platform/secrets";

/**
 * Reads the whole configuration and every secret, and ends the process with one sentence for what is wrong: better no
 * process than one that signs with a key nobody can verify, or that finds out at the first sign-in. (Next.js only logs
 * what is thrown at the start, and goes on without answering.)
 */
export function checkConfiguration(): void {
  try {
    env();
    signingKey();
    nextAuthSecret();
    vapidKeys();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
