/**
 * Which of the positions that were taken from a stream are finished, however out of order they finish: the cursor or
 * offset may move to the last position before the first unfinished one.
 */
export class StreamProgress<P> {
  private readonly open: { position: P; finished: boolean }[] = [];
  private reached: P | undefined;

  /** Notes a position that was taken; call the answer once when it is finished. Positions come in stream order. */
  take(position: P): () => void {
    const entry = { position, finished: false };
    this.open.push(entry);
    return () => {
      entry.finished = true;
      let passed = 0;
      while (this.open[passed]?.finished) passed += 1;
      if (passed === 0) return;
      this.reached = this.open[passed - 1]?.position;
      this.open.splice(0, passed);
    };
  }

  /** The last position up to which everything is finished; undefined while nothing is. */
  get watermark(): P | undefined {
    return this.reached;
  }

  /** Positions taken after the watermark. */
  get outstanding(): number {
    return this.open.length;
  }
}
