import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { gauge } from "@/lib/platform/metrics";
import { singleton } from "@/lib/platform/singleton";
import { AppError } from "@/lib/shared/errors";

/** OWASP's second recommendation for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const CURRENT = "$argon2id$v=19$m=19456,t=2,p=1$";

// Of "no such password", with the same parameters: verifying against it takes as long as against a real one.
const NOBODY = `${CURRENT}Y2FtcHVzb3Mtbm9ib2R5IQ$B0bRmOqD1pMDHd2ZMIcaZJFQEz1hhT9RqSGWhqcWvaU`;

/** Waiting passwords beyond this are refused with 503: at this point the wait is longer than people stay. */
const QUEUE_LIMIT = 5_000;

/** An argon2id hash of a password (PHC string, own salt). */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/**
 * True when the password is the one of `stored`. With no stored hash (unknown user, no password yet) it works as long
 * and answers false, so that time tells nobody who has an account.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const matches = await inTurn(() => verify(stored ?? NOBODY, password));
  return stored !== null && matches;
}

/** True when a hash was made with other parameters than today's. */
export function isOutdatedHash(stored: string): boolean {
  return !stored.startsWith(CURRENT);
}

type Turns = { running: number; waiting: (() => void)[] };

/**
 * A few at a time, the rest in order: thousands of people who sign in at the same moment queue here instead of taking
 * every thread and core from the requests of those who are in.
 */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turns = singleton("passwordTurns", (): Turns => ({ running: 0, waiting: [] }));
  if (turns.waiting.length >= QUEUE_LIMIT)
    throw new AppError("unavailable", { detail: "Very many people are signing in. Try again.", retryAfterSeconds: 5 });
  if (turns.running >= concurrency()) await new Promise<void>((resolve) => turns.waiting.push(resolve));
  else turns.running += 1;
  observe(turns);
  try {
    return await work();
  } finally {
    // A turn is handed on, not given back, so that nobody who comes now overtakes those who wait.
    const next = turns.waiting.shift();
    if (next) next();
    else turns.running -= 1;
    observe(turns);
  }
}

function concurrency(): number {
  return Math.min(3, Math.max(2, availableParallelism() - 1));
}

function observe(turns: Turns): void {
  gauge("campus_identity_password_queue_length", "Passwords that wait to be hashed or verified", []).set(
    turns.waiting.length,
  );
}
