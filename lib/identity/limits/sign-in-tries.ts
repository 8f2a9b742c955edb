import { db, type Db } from "@/lib/platform/db/client";
import { type Counted, counters, type Lasting } from "@/lib/platform/limits/counters";
import { singleton } from "@/lib/platform/runtime/singleton";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { verifyPassword } from "../credentials/passwords";
import { knownDevice } from "./known-device";
import { type BackOff, LIMITS, WAITING_OF_ADDRESS } from "./table";
import { auditOnce } from "./told";
import { type By, keyOf, networkOf, refusal, windowOf } from "./tries";

/** Who tries to sign in: what was typed, and whose it is. */
export type Trying = {
  email: string;
  password: string;
  user: { id: string; schoolId: string; passwordHash: string | null } | null;
};

const { account, device, address } = LIMITS.signIn;

/**
 * Whether a password is the person's, as {@link verifyPassword} says, counting those that are not. Throws `too_many_attempts`
 * while an account or an address has had too many; a browser in which the person has signed in before is counted by itself
 * alone, so that nobody is kept out by strangers who guess. What succeeds is not counted, and ends the waiting.
 *
 * It is asked again when the password's turn to be hashed has come and this process has counted too many meanwhile: of a thousand
 * guesses sent at the same moment few more are hashed than are free, and those of one address do not hold up the others
 * for long. Whoever waits beside them asks nobody a second time.
 */
export async function verifyCounted(ctx: Omit<Context, "actor">, trying: Trying, client: Db = db()): Promise<boolean> {
  const { email, password, user } = trying;
  const known = user && knownDevice(ctx.device, user.id);
  const keys: Partial<Record<By, string>> = known
    ? { device: keyOf("signIn", "device", `${known} ${user.id}`) }
    : {
        account: keyOf("signIn", "account", email),
        ...(ctx.address && { address: keyOf("signIn", "address", ctx.address) }),
      };
  const refuseWhenSpent = async () => {
    const refused = await spent(keys);
    if (!refused) return;
    auditOnce(ctx, { what: "refused", by: refused.by, key: keys[refused.by] ?? "", user }, client);
    throw refusal("signIn", refused.by, refused.leftMs, (minutes) => say("detail.manySignInTries", { minutes }));
  };
  await refuseWhenSpent();
  const refuseInTurn = async () => {
    if (Object.values(keys).some((key) => spentHere().has(key))) await refuseWhenSpent();
  };
  const isRight = await waitingIn(ctx.address ?? null, () =>
    verifyPassword(user?.passwordHash ?? null, password, refuseInTurn),
  );
  const own = keys.device ?? keys.account ?? "";
  if (isRight) {
    spentHere().delete(own);
    await counters().forget([own]);
    return true;
  }
  await Promise.all([
    count(own, lasting(keys.device ? device : account), account.free),
    keys.address && count(keys.address, windowOf(address), address.most),
  ]);
  const by = keys.device ? "device" : "account";
  // Of accounts that there are not, one for an address: they could all be different ones.
  auditOnce(ctx, { what: "failed", by, key: user ? own : (keys.address ?? ""), user }, client);
  return false;
}

async function count(key: string, forgotten: Lasting, most: number): Promise<void> {
  const { count: counted } = await counters().add(key, forgotten);
  if (counted < most) return;
  spentHere().delete(key);
  spentHere().add(key);
  for (const oldest of spentHere()) {
    if (spentHere().size <= MOST_SPENT) break;
    spentHere().delete(oldest);
  }
}

/** So many are remembered; forgetting one costs a few hashes. */
const MOST_SPENT = 10_000;

/** What this process has counted too often lately: worth a look at the counts before a password is hashed, and no more. */
function spentHere(): Set<string> {
  return singleton("spentTries", () => new Set<string>());
}

/** Which count forbids the next try, and for how long; null: none. */
async function spent(keys: Partial<Record<By, string>>): Promise<{ by: By; leftMs: number } | null> {
  const asked = (["device", "account", "address"] as const).flatMap((by) => (keys[by] ? [{ by, key: keys[by] }] : []));
  const counted = await counters().read(asked.map(({ key }) => key));
  for (const [index, { by }] of asked.entries()) {
    const now = counted[index];
    if (!now) continue;
    const leftMs = by === "address" ? (now.count >= address.most ? now.leftMs : 0) : waitMs(LIMITS.signIn[by], now);
    if (leftMs > 0) return { by, leftMs };
  }
  return null;
}

const lasting = ({ forgottenSeconds }: BackOff) => ({ ms: forgottenSeconds * 1000, from: "last" }) as const;

/** How long after so many failures the next try has to wait; counted from the last, which is known by what is left. */
export function waitMs({ free, waitSeconds, longestSeconds, forgottenSeconds }: BackOff, { count, leftMs }: Counted) {
  if (count < free) return 0;
  const sinceLastMs = forgottenSeconds * 1000 - leftMs;
  const wholeMs = Math.min(waitSeconds * 2 ** (count - free), longestSeconds) * 1000;
  return Math.max(0, wholeMs - sinceLastMs);
}

/** Holds a place of the address in the queue of passwords while `work` is done. */
async function waitingIn<T>(from: string | null, work: () => Promise<T>): Promise<T> {
  if (from === null) return work();
  const waiting = singleton("passwordsOfAddress", () => new Map<string, number>());
  const network = networkOf(from);
  const before = waiting.get(network) ?? 0;
  if (before >= WAITING_OF_ADDRESS)
    throw new AppError("unavailable", { detail: say("detail.manySignIns"), retryAfterSeconds: 5 });
  waiting.set(network, before + 1);
  try {
    return await work();
  } finally {
    const now = waiting.get(network) ?? 1;
    if (now > 1) waiting.set(network, now - 1);
    else waiting.delete(network);
  }
}
