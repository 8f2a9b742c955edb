import { abortableDelay } from "../pause";
import { Sleeper, STAYS_WARM_MS, type Work } from "./wake";

const BUSY_MS = 2;
const WARM_MS = 25;
const ASLEEP_MS = 2_000;

/**
 * How long a poller waits: hardly after it found something, longer and longer while it finds nothing, and after a second
 * until it is woken; it still looks every other second, because a wake-up may be lost.
 */
export class PollPause {
  private nextMs = BUSY_MS;
  private warmUntilMs = 0;
  private readonly sleeper: Sleeper;

  constructor(work: Work) {
    this.sleeper = new Sleeper(work);
  }

  /** Waits after a poll that found `found` rows; not at all when it was `full`. */
  async after(found: number, full: boolean, signal: AbortSignal): Promise<void> {
    if (found > 0) this.warm();
    if (full) return;
    if (performance.now() < this.warmUntilMs) {
      await abortableDelay(this.nextMs, signal);
      this.nextMs = Math.min(WARM_MS, this.nextMs * 2);
    } else if (await this.sleeper.sleep(ASLEEP_MS, signal)) this.warm();
  }

  private warm(): void {
    this.nextMs = BUSY_MS;
    this.warmUntilMs = performance.now() + STAYS_WARM_MS;
  }
}
