import type { RegistrationOutcome, RegistrationRequest } from "./decide";

/** A request with whoever waits for its outcome. */
export type Waiting = {
  request: RegistrationRequest;
  resolve: (outcome: RegistrationOutcome) => void;
  reject: (error: unknown) => void;
  /** Its time to wait is over; who is being decided is still answered with the outcome. */
  isLate: boolean;
};

/** Who waits for a section, the oldest first. */
type Line = {
  sectionId: string;
  entries: Waiting[];
  /** Some of it is being decided. */
  isBusy: boolean;
  /** Another transaction held the section: until the line is empty it gets transactions of its own. */
  isHeld: boolean;
};

/** The lines of waiting requests, one a section, and who of them is next. Pure bookkeeping: decides nothing, never waits. */
export class Waitlines {
  /** In the order in which they are served: a line that was goes to the end. */
  private readonly lines = new Map<string, Line>();
  /** Who has a request in work, and how many of whose requests wait. */
  private readonly inWork = new Set<string>();
  private readonly waitingOf = new Map<string, number>();
  private waiting = 0;

  /** Requests in all lines. */
  get size(): number {
    return this.waiting;
  }

  sizeOf(sectionId: string): number {
    return this.lines.get(sectionId)?.entries.length ?? 0;
  }

  sizeOfStudent(userId: string): number {
    return this.waitingOf.get(userId) ?? 0;
  }

  add(entry: Waiting): void {
    const { sectionId } = entry.request;
    const line = this.lines.get(sectionId);
    if (line) line.entries.push(entry);
    else this.lines.set(sectionId, { sectionId, entries: [entry], isBusy: false, isHeld: false });
    this.count(entry, 1);
  }

  /** Takes a request out of its line; false when it is being decided, or was. */
  remove(entry: Waiting): boolean {
    const line = this.lines.get(entry.request.sectionId);
    const index = line?.entries.indexOf(entry) ?? -1;
    if (!line || index < 0) return false;
    line.entries.splice(index, 1);
    this.count(entry, -1);
    this.forgetIfEmpty(line);
    return true;
  }

  /** Up to `limit` requests of all sections that nobody holds, one of each section in turn. */
  takeShared(limit: number): Waiting[] {
    const batch: Waiting[] = [];
    let open = [...this.lines.values()].filter((line) => !line.isBusy && !line.isHeld);
    while (open.length > 0 && batch.length < limit) {
      open = open.filter((line) => {
        const entry = batch.length < limit ? this.takeFrom(line) : undefined;
        if (entry) batch.push(entry);
        return entry !== undefined;
      });
    }
    return batch;
  }

  /** Up to `limit` requests of one section that somebody held. */
  takeOwn(limit: number): Waiting[] {
    for (const line of this.lines.values()) {
      if (line.isBusy || !line.isHeld) continue;
      const batch: Waiting[] = [];
      for (let entry = this.takeFrom(line); entry; entry = batch.length < limit ? this.takeFrom(line) : undefined)
        batch.push(entry);
      if (batch.length > 0) return batch;
    }
    return [];
  }

  /** A batch has ended; `locked` are those of it that were not decided, and stand first in their lines again. */
  done(batch: readonly Waiting[], locked: readonly Waiting[]): void {
    for (const { request } of batch) this.inWork.delete(request.ctx.actor.userId);
    for (const entry of locked.toReversed()) {
      const line = this.lines.get(entry.request.sectionId);
      if (!line) continue;
      line.entries.unshift(entry);
      line.isHeld = true;
      this.count(entry, 1);
    }
    for (const sectionId of new Set(batch.map(({ request }) => request.sectionId))) {
      const line = this.lines.get(sectionId);
      if (!line) continue;
      line.isBusy = false;
      this.lines.delete(sectionId); // to the end
      this.lines.set(sectionId, line);
      this.forgetIfEmpty(line);
    }
  }

  /** The oldest of a line whose student has nothing in work. */
  private takeFrom(line: Line): Waiting | undefined {
    const index = line.entries.findIndex(({ request }) => !this.inWork.has(request.ctx.actor.userId));
    const [entry] = index < 0 ? [] : line.entries.splice(index, 1);
    if (!entry) return undefined;
    this.inWork.add(entry.request.ctx.actor.userId);
    line.isBusy = true;
    this.count(entry, -1);
    return entry;
  }

  private count({ request }: Waiting, by: number): void {
    const { userId } = request.ctx.actor;
    const ofStudent = this.sizeOfStudent(userId) + by;
    if (ofStudent === 0) this.waitingOf.delete(userId);
    else this.waitingOf.set(userId, ofStudent);
    this.waiting += by;
  }

  private forgetIfEmpty(line: Line): void {
    if (line.entries.length === 0 && !line.isBusy) this.lines.delete(line.sectionId);
  }
}
