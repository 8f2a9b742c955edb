/**
 * What time it is at the server, whatever the clock of this device says. Each answer's `Date` header (whole seconds, cut
 * off) tells it within a second and the time on the way; several answers together tell it within a fraction of that.
 */
export class ServerClock {
  /** Server time minus our time lies between these, in milliseconds. */
  #low = -Infinity;
  #high = Infinity;

  /** Learns from an answer; `sentAtMs` and `receivedAtMs` are times of this device. */
  heard(date: string | null, sentAtMs: number, receivedAtMs: number): void {
    const saidMs = date === null ? NaN : Date.parse(date);
    if (Number.isNaN(saidMs)) return;
    const low = saidMs - receivedAtMs;
    const high = saidMs + 1_000 - sentAtMs;
    const isConsistent = low <= this.#high && high >= this.#low;
    // The clock of this device was set, or it slept: what was known before is worth nothing.
    this.#low = isConsistent ? Math.max(low, this.#low) : low;
    this.#high = isConsistent ? Math.min(high, this.#high) : high;
  }

  /** Milliseconds since the epoch; the device's own clock until the server was heard. */
  nowMs(deviceMs: number = Date.now()): number {
    return Number.isFinite(this.#low) ? deviceMs + (this.#low + this.#high) / 2 : deviceMs;
  }
}
