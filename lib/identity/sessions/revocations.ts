import { z } from "zod";
import { cache } from "@/lib/platform/cache/cache";
import { databaseDown, db, type Db } from "@/lib/platform/db/client";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { gauge } from "@/lib/platform/runtime/metrics";
import { singleton } from "@/lib/platform/runtime/singleton";
import { AppError } from "@/lib/shared/errors";
import { ACCESS_TOKEN_SECONDS } from "./access-token";
import { say } from "@/lib/shared/say";

/** From this age of what is known on, PostgreSQL is asked again, beside the request. */
const ASK_AGAIN_AFTER_MS = 400;
/** A request never relies on knowledge older than this: it waits for the answer, and without one it is refused (503). */
const TOO_OLD_AFTER_MS = 900;
const CHANNEL = "sessions-revoked";
const message = z.array(z.string().max(64)).max(10_000);

type State = {
  /** Revoked sessions and when they may be forgotten: when the last access token of theirs has expired. */
  revoked: Map<string, number>;
  /** The transaction id from which on the next question must look; 0: everything of the last hour. */
  since: bigint;
  /** When the question was asked whose answer is known (monotonic clock). */
  askedAtMs: number;
  asking: Promise<void> | null;
};

/**
 * Throws `session_revoked` when the session has been revoked. Every process keeps the sessions that were revoked within
 * the life of an access token in memory, so a request costs no statement: PostgreSQL, which alone holds the truth, is
 * asked at most every 400 ms, and only while requests come. Redis only wakes the question sooner. When PostgreSQL does
 * not answer, requests are refused with `unavailable`: never open.
 */
export async function refuseRevoked(sessionId: string, client: () => Db = db): Promise<void> {
  const state = known();
  const nowMs = performance.now();
  // A loop, because the question under way, which `ask` joins, may itself have been asked too long ago.
  while (state.askedAtMs < nowMs - TOO_OLD_AFTER_MS) await ask(state, client);
  // Beside the request, and logged where it happens when it fails; the request after next has to wait for it.
  if (state.askedAtMs < nowMs - ASK_AGAIN_AFTER_MS) ask(state, client).catch(() => undefined);
  if (state.revoked.has(sessionId)) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
}

/** Makes sessions refused on this process at once, and on others as soon as they hear of it. Call it after the commit. */
export async function announceRevoked(sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  remember(known(), sessionIds);
  await cache().delete(sessionIds.map((id) => `session:${id}`));
  await cache().publish(CHANNEL, JSON.stringify(sessionIds));
}

function known(): State {
  return singleton("revocations", () => {
    const state: State = { revoked: new Map(), since: 0n, askedAtMs: -Infinity, asking: null };
    cache().subscribe(CHANNEL, (text) => {
      // A wrong message can only end sessions, and whoever can publish here could do worse.
      const ids = message.safeParse(parseJson(text));
      if (ids.success) remember(state, ids.data);
    });
    return state;
  });
}

function remember(state: State, sessionIds: readonly string[]): void {
  // A little longer than a token lives, for clocks that differ.
  const forgetAt = Date.now() + (ACCESS_TOKEN_SECONDS + 60) * 1000;
  for (const id of sessionIds) if (!state.revoked.has(id)) state.revoked.set(id, forgetAt);
}

function ask(state: State, client: () => Db): Promise<void> {
  state.asking ??= askNow(state, client).finally(() => {
    state.asking = null;
  });
  return state.asking;
}

/**
 * One question and answer. Times cannot say what is new, because a transaction that revoked early may commit late;
 * transaction ids can: whatever ended before the oldest transaction still open at the last answer has been seen.
 */
async function askNow(state: State, client: () => Db): Promise<void> {
  const askedAtMs = performance.now();
  try {
    const [answer] = await client().$queryRaw<{ xmin: bigint; ids: string[] }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
             ARRAY(SELECT id FROM auth_session
                   WHERE revoked_xid >= ${state.since} AND revoked_at > now() - interval '1 hour') AS ids`;
    if (!answer) throw new Error("no answer");
    remember(state, answer.ids);
    // Ids that went backwards: this is another database (restored elsewhere). Look at everything once more.
    state.since = answer.xmin < state.since ? 0n : answer.xmin;
    state.askedAtMs = askedAtMs;
    const nowMs = Date.now();
    for (const [id, forgetAt] of state.revoked) {
      if (forgetAt > nowMs) break; // in order of remembering, so of forgetting
      state.revoked.delete(id);
    }
    gauge("campus_identity_revoked_sessions", "Revoked sessions that this process remembers", []).set(
      state.revoked.size,
    );
  } catch (error) {
    log().error({ err: errorForLog(error) }, "revoked sessions could not be read");
    throw databaseDown(error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
