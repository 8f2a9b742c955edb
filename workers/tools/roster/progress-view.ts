import type { ImportState } from "@/lib/roster/job/read-imports";
import type { rosterText } from "@/lib/roster/run/report";

type Text = ReturnType<typeof rosterText>;
export type Progress = Pick<ImportState, "status" | "phase" | "done" | "total">;

const BAR_WIDTH = 24;
/** How often a line is written where no bar can be drawn: in a log, or to another program. */
const LINE_EVERY_MS = 20_000;

/** What an import does now, and how much of that is done: a sentence, without a bar when nobody knows how much it is. */
export function progressLine({ status, phase, done, total }: Progress, t: Text, withBar: boolean): string {
  const isWaiting = status === "QUEUED";
  const what = t(isWaiting ? "progress.QUEUED" : `progress.${phase}`);
  if (isWaiting || total === 0) return what;
  const share = Math.min(done / total, 1);
  const percent = Math.floor(share * 100);
  if (!withBar) return t("progress.share", { what, percent });
  const filled = Math.round(share * BAR_WIDTH);
  return t("progress.bar", { what, percent, bar: "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled) });
}

/** The part of a terminal, or of any stream, that the view needs. */
type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown };

/** Shows how far an import is: on a terminal one line that changes, elsewhere a line now and then. */
export class ProgressView {
  private shown = "";
  private lineAtMs: number;

  constructor(
    private readonly screen: Screen,
    private readonly t: Text,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lineAtMs = now();
  }

  show(progress: Progress): void {
    if (!this.screen.isTTY) {
      if (this.now() - this.lineAtMs < LINE_EVERY_MS) return;
      this.lineAtMs = this.now();
      this.screen.write(`${progressLine(progress, this.t, false)}\n`);
      return;
    }
    const line = progressLine(progress, this.t, true).slice(0, (this.screen.columns || 80) - 1);
    if (line === this.shown) return;
    this.screen.write(`\r\u001b[K${line}`);
    this.shown = line;
  }

  /** Takes the line away, so that others can be written. */
  clear(): void {
    if (this.shown !== "") this.screen.write("\r\u001b[K");
    this.shown = "";
  }
}
