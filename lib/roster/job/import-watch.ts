import type { Db } from "@/lib/platform/db/client";
import { abortableDelay } from "@/lib/platform/events/pause";
import type { JobContext } from "@/lib/platform/jobs/kind";
import type { ImportPhase, Moved } from "../run/progress";

/** How often a running import says how far it is and looks whether it is to end. */
const EVERY_MS = 400;

/** Why a running import is to end: it is cancelled, its process stops, or another process has it. */
export type StopReason = "cancelled" | "stopping" | "lost";

/** Thrown at the next step of an import that is to end. */
export class ImportStopped extends Error {
  constructor(readonly reason: StopReason) {
    super(`the import is ${reason}`);
    this.name = "ImportStopped";
  }
}

type Run = { importId: string; attempt: number };

/**
 * Writes how far a running import is, a few times a second and outside of its transaction, and looks for reasons to end it.
 * `moved` throws {@link ImportStopped} when there is one. Close it before the import's own row is written in its transaction:
 * its last word would wait for that.
 */
export class ImportWatch {
  private at: { phase: ImportPhase; done: number; total: number } = { phase: "READ", done: 0, total: 0 };
  private found: StopReason | null = null;
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly client: Db,
    private readonly run: Run,
    private readonly context: Pick<JobContext, "signal" | "onProgress">,
  ) {
    this.ended = this.watch();
  }

  readonly moved: Moved = (phase, done, total) => {
    this.at = { phase, done, total };
    this.check();
  };

  /** Throws when the import is to end. */
  check(): void {
    const reason = this.found ?? (this.context.signal.aborted ? "stopping" : null);
    if (reason) throw new ImportStopped(reason);
  }

  /** Says the last word and ends the watch. Never throws. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    for (;;) {
      await abortableDelay(EVERY_MS, signal);
      try {
        this.found ??= await this.look();
        // A run that hangs is ended by the time-outs of its statements and its transaction, not by silence.
        this.context.onProgress();
      } catch {
        // The database is away: so it will be for the import itself, which says so.
      }
      if (signal.aborted) return;
    }
  }

  private async look(): Promise<StopReason | null> {
    const { phase, done, total } = this.at;
    const [row] = await this.client.$queryRaw<{ isCancelled: boolean }[]>`
      UPDATE roster_import SET phase = ${phase}::"RosterImportPhase", done = ${done}::int, total = ${total}::int,
        moved_at = clock_timestamp()
      WHERE id = ${this.run.importId} AND status = 'RUNNING' AND attempts = ${this.run.attempt}::int
      RETURNING cancel_requested_at IS NOT NULL AS "isCancelled"`;
    if (!row) return "lost";
    return row.isCancelled ? "cancelled" : null;
  }
}
