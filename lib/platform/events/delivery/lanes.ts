/** What became of an item: finished, or to be run again after a pause, before anything else of its key. */
export type LaneResult = "finished" | { againAfterMs: number };

export type LanesOptions<I> = {
  /** Items that run at the same time; an item that waits for its next try takes no place. */
  concurrency: number;
  /** Runs one item; must not throw. `followers` are the items that wait behind it. */
  run(item: I, followers: readonly I[]): Promise<LaneResult>;
};

type Lane<I> = { items: I[]; timer: NodeJS.Timeout | undefined };

/**
 * Runs items of one key one after the other and different keys side by side. A key whose head item is to be tried again
 * waits; the others go on.
 */
export class Lanes<I> {
  private readonly lanes = new Map<string, Lane<I>>();
  private readonly ready: string[] = [];
  private running = 0;
  private stopped = false;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: LanesOptions<I>) {}

  /** Adds an item behind the others of its key. After `stop` nothing is added. */
  push(key: string, item: I): void {
    if (this.stopped) return;
    const lane = this.lanes.get(key);
    if (lane) {
      lane.items.push(item);
      return;
    }
    this.lanes.set(key, { items: [item], timer: undefined });
    this.ready.push(key);
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
      const key = this.ready.shift();
      const lane = key === undefined ? undefined : this.lanes.get(key);
      if (key === undefined || !lane) return;
      this.running += 1;
      void this.runHead(key, lane);
    }
  }

  private async runHead(key: string, lane: Lane<I>): Promise<void> {
    const [head, ...followers] = lane.items;
    const result = head === undefined ? "finished" : await this.options.run(head, followers);
    this.running -= 1;
    if (this.stopped) {
      if (this.running === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
      return;
    }
    if (result === "finished") {
      lane.items.shift();
      if (lane.items.length === 0) this.lanes.delete(key);
      else this.ready.push(key);
    } else {
      lane.timer = setTimeout(() => {
        this.ready.push(key);
        this.pump();
      }, result.againAfterMs);
    }
    this.pump();
  }
}
