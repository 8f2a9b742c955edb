import { errorForLog, log } from "../runtime/log";

/** Notes whether something outside (PostgreSQL, Kafka) answers, and logs the changes only: one line an outage, one at its end. */
export class Availability {
  private downSince: number | undefined;

  constructor(private readonly what: string) {}

  /** It answered. */
  isUp(): void {
    if (this.downSince === undefined) return;
    log().info({ what: this.what, downMs: Date.now() - this.downSince }, "answers again");
    this.downSince = undefined;
  }

  /** It did not. */
  isDown(error: unknown): void {
    if (this.downSince !== undefined) return;
    this.downSince = Date.now();
    log().error({ what: this.what, error: errorForLog(error) }, "does not answer");
  }

  /** Milliseconds since it stopped answering; 0 while it answers. */
  get downMs(): number {
    return this.downSince === undefined ? 0 : Date.now() - this.downSince;
  }
}
