/** What became of an item: finished, or to be run again after a pause, before anything else of its key. */
export type LaneResult = "finished" | { againAfterMs: number };

export type LanesOptions<I> = {
  /** Runs at the same time; an item that waits for its next try takes no place. */
  concurrency: number;
  /** Items of one run at most, 1 unless given: the first of every key that waits, then the next of each. */
  together?: number;
  /** Whether an item may run with others; else it runs alone. */
  mayJoin?(item: I): boolean;
  /**
   * Runs items, those of one key in their order, and answers a result for each; must not throw. Behind an item that is to be
   * run again, results of its key do not count.
   */
  run(items: readonly I[]): Promise<LaneResult[]>;
  /** Called with an item that is to be run again and with all that wait behind it. */
  onHeld?(items: readonly I[]): void;
};

type Lane<I> = { items: I[]; timer: NodeJS.Timeout | undefined };
/** The first `count` items of a lane, which run. */
type Taken<I> = { key: string; lane: Lane<I>; count: number };

/**
 * Runs items of one key one after the other and different keys side by side, or several of them in one run. A key whose head
 * item is to be tried again waits; the others go on.
 */
export class Lanes<I> {
  private readonly lanes = new Map<string, Lane<I>>();
  private readonly ready: string[] = [];
  private running = 0;
  private stopped = false;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: LanesOptions<I>) {}

  /** Adds items, each behind the others of its key. After `stop` nothing is added. */
  push(items: Iterable<readonly [key: string, item: I]>): void {
    if (this.stopped) return;
    for (const [key, item] of items) {
      const lane = this.lanes.get(key);
      if (lane) lane.items.push(item);
      else {
        this.lanes.set(key, { items: [item], timer: undefined });
        this.ready.push(key);
      }
    }
    this.pump();
  }

  /** Starts nothing more; resolves when what runs has ended. Items that have not run are forgotten. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const lane of this.lanes.values()) clearTimeout(lane.timer);
    this.lanes.clear();
    this.ready.length = 0;
    if (this.running > 0) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  private pump(): void {
    while (this.running < this.options.concurrency) {
      const taken = this.take();
      if (taken.length === 0) return;
      this.running += 1;
      void this.runTaken(taken);
    }
  }

  private take(): Taken<I>[] {
    const { together = 1, mayJoin = () => true } = this.options;
    const taken: Taken<I>[] = [];
    const alone: string[] = [];
    let room = together;
    while (room > 0) {
      const key = this.ready.shift();
      if (key === undefined) break;
      const lane = this.lanes.get(key);
      const head = lane?.items[0];
      if (!lane || head === undefined) continue;
      if (mayJoin(head)) taken.push({ key, lane, count: 1 });
      else if (taken.length === 0) return [{ key, lane, count: 1 }];
      else {
        alone.push(key);
        continue;
      }
      room -= 1;
    }
    this.ready.unshift(...alone);
    for (let growing = taken; growing.length > 0 && room > 0;) {
      growing = growing.filter((one) => {
        const next = one.lane.items[one.count];
        if (room === 0 || next === undefined || !mayJoin(next)) return false;
        one.count += 1;
        room -= 1;
        return true;
      });
    }
    return taken;
  }

  private async runTaken(taken: readonly Taken<I>[]): Promise<void> {
    const results = await this.options.run(taken.flatMap(({ lane, count }) => lane.items.slice(0, count)));
    this.running -= 1;
    if (this.stopped) {
      if (this.running === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
      return;
    }
    let n = 0;
    for (const { key, lane, count } of taken) {
      const own = results.slice(n, (n += count));
      const again = own.find((result) => result !== "finished");
      lane.items.splice(0, again === undefined ? count : own.indexOf(again));
      if (again !== undefined) this.runLater(key, lane, again.againAfterMs);
      else if (lane.items.length === 0) this.lanes.delete(key);
      else this.ready.push(key);
    }
    this.pump();
  }

  private runLater(key: string, lane: Lane<I>, afterMs: number): void {
    this.options.onHeld?.(lane.items);
    lane.timer = setTimeout(() => {
      this.ready.push(key);
      this.pump();
    }, afterMs);
  }
}
