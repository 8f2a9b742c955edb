import { setTimeout as delay } from "node:timers/promises";

/** Waits, or returns at once when the signal is aborted (before or meanwhile). Never throws. */
export async function abortableDelay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(ms, undefined, { signal }).catch(() => {});
}

/** What a role still waits for after it was asked to stop; less than the drain deadline of the process. */
const GRACE_MS = 3_000;

/**
 * Waits for `work`, but when the signal is aborted only a little longer: then it throws. For calls to something that is
 * away and has long time-outs of its own, where giving up is as safe as a crash.
 */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal, graceMs = GRACE_MS): Promise<T> {
  const over = new AbortController();
  const limit = async (): Promise<never> => {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true, signal: over.signal });
    });
    await abortableDelay(graceMs, over.signal);
    throw new Error("given up because the process stops");
  };
  work.catch(() => {}); // nobody may be waiting any more when it fails
  const limited = limit();
  limited.catch(() => {});
  try {
    return await Promise.race([work, limited]);
  } finally {
    over.abort();
  }
}

/**
 * Waits for `work`, but not longer than `limitMs`: then it throws, and what `work` still does goes unnoticed. For a client
 * that has time-outs within time-outs, where giving up is as safe as a crash.
 */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const limited = abortableDelay(limitMs, over.signal).then(() => {
    throw new Error(`no answer within ${limitMs} ms`);
  });
  limited.catch(() => {});
  work.catch(() => {}); // nobody may be waiting any more when it fails
  try {
    return await Promise.race([work, limited]);
  } finally {
    over.abort();
  }
}
