import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { gauge } from "@/lib/platform/runtime/metrics";
import { singleton } from "@/lib/platform/runtime/singleton";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";

/** OWASP's second recommendation for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const CURRENT = "$argon2id$v=19$m=19456,t=2,p=1$";

// Of "no such password", with the same parameters: verifying against it takes as long as against a real one.
const NOBODY = `${CURRENT}Y2FtcHVzb3Mtbm9ib2R5IQ$B0bRmOqD1pMDHd2ZMIcaZJFQEz1hhT9RqSGWhqcWvaU`;

/** Waiting passwords beyond this are refused with 503: at this point the wait is longer than people stay. */
const QUEUE_LIMIT = 5_000;
/** Who has waited for so long is refused with 503, before a gateway in between gives up without a word. */
const LONGEST_WAIT_MS = 45_000;
/** Hashes that may wait for an idle moment; what is too much is made at a later sign-in. */
const IDLE_LIMIT = 5_000;

/** An argon2id hash of a password (PHC string, own salt). */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, PARAMETERS));
}

/**
 * True when the password is the one of `stored`. With no stored hash (unknown user, no password yet) it works as long
 * and answers false, so that time tells nobody who has an account. `before` is asked when its turn has come: when that
 * throws, nothing is hashed.
 */
export async function verifyPassword(
  stored: string | null,
  password: string,
  before: () => Promise<void> = async () => undefined,
): Promise<boolean> {
  const matches = await inTurn(async () => {
    await before();
    return verify(stored ?? NOBODY, password);
  });
  return stored !== null && matches;
}

/** True when a hash was made with other parameters than today's. */
export function isOutdatedHash(stored: string): boolean {
  return !stored.startsWith(CURRENT);
}

/**
 * The hash of a password for which nobody waits: made one at a time when no sign-in is at hand, so that a rush of first
 * sign-ins costs each person one hash and not two. Null when too many wait already.
 */
export async function hashPasswordWhenIdle(password: string): Promise<string | null> {
  const turns = passwordTurns();
  if (turns.idle.length >= IDLE_LIMIT) return null;
  await new Promise<void>((resolve) => {
    turns.idle.push(resolve);
    startIdle(turns);
  });
  try {
    return await hash(password, PARAMETERS);
  } finally {
    turns.idleRunning = false;
    handOn(turns);
  }
}

type Waiting = { since: number; begin: () => void; refuse: (error: AppError) => void };
type Turns = { running: number; waiting: Waiting[]; idle: (() => void)[]; idleRunning: boolean };

function passwordTurns(): Turns {
  return singleton("passwordTurns", (): Turns => ({ running: 0, waiting: [], idle: [], idleRunning: false }));
}

/** A turn is handed on, not given back, so that nobody who comes now overtakes those who wait. */
function handOn(turns: Turns): void {
  const oldest = performance.now() - LONGEST_WAIT_MS;
  let next = turns.waiting.shift();
  for (; next && next.since < oldest; next = turns.waiting.shift()) next.refuse(tooMany());
  if (next) next.begin();
  else turns.running -= 1;
  observe(turns);
  startIdle(turns);
}

function startIdle(turns: Turns): void {
  if (turns.idleRunning || turns.waiting.length > 0 || turns.running >= concurrency()) return;
  const next = turns.idle.shift();
  if (!next) return;
  turns.idleRunning = true;
  turns.running += 1;
  next();
}

/**
 * A few at a time, the rest in order: thousands of people who sign in at the same moment queue here instead of taking
 * every thread and core from the requests of those who are in.
 */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turns = passwordTurns();
  if (turns.waiting.length >= QUEUE_LIMIT) throw tooMany();
  if (turns.running < concurrency()) turns.running += 1;
  else await new Promise<void>((begin, refuse) => turns.waiting.push({ since: performance.now(), begin, refuse }));
  observe(turns);
  try {
    return await work();
  } finally {
    handOn(turns);
  }
}

function tooMany(): AppError {
  return new AppError("unavailable", { detail: say("detail.manySignIns"), retryAfterSeconds: 5 });
}

function concurrency(): number {
  return Math.min(3, Math.max(2, availableParallelism() - 1));
}

function observe(turns: Turns): void {
  gauge("campus_identity_password_queue_length", "Passwords that wait to be hashed or verified", []).set(
    turns.waiting.length,
  );
}
