import type { Answer, LoadClient } from "./client";

/** Counts what was answered. */
export class Answers {
  /** How often each phase was answered by each status; a connection that was lost counts as one. */
  readonly counts = new Map<string, number>();
  /** No answer was lost, and each that was no success was 429 or 503 with Retry-After. */
  allHonest = true;

  /** Sends one POST and counts its answer; null when the connection was lost. */
  async of(
    phase: string,
    client: LoadClient,
    route: string,
    token: string | null,
    body: unknown,
  ): Promise<Answer | null> {
    try {
      const answer = await client.send("POST", route, token, body);
      this.#count(`${phase} ${answer.status}`, answer.status < 300 || (answer.status >= 429 && answer.mayRetry));
      return answer;
    } catch (error) {
      this.#count(`${phase} lost (${error instanceof Error ? error.message : String(error)})`, false);
      return null;
    }
  }

  #count(name: string, isHonest: boolean): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.allHonest &&= isHonest;
  }
}
