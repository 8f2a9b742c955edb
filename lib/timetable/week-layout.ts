/** Where a class stands in its day's column: classes at the same time share the width in lanes. */
export type Lane = { lane: number; lanes: number };

type Span = { startMinute: number; endMinute: number };

/**
 * Lanes for the classes of one day, which must be sorted by start: each takes the first lane that is free, and all that
 * hang together by overlaps get the same number of lanes.
 */
export function lanesOf(spans: readonly Span[]): Lane[] {
  const result: Lane[] = [];
  let group: { from: number; ends: number[] } = { from: 0, ends: [] };
  const close = (to: number) => {
    for (const lane of result.slice(group.from, to)) lane.lanes = group.ends.length;
  };
  for (const [index, span] of spans.entries()) {
    if (group.ends.every((end) => end <= span.startMinute)) {
      close(index);
      group = { from: index, ends: [] };
    }
    const free = group.ends.findIndex((end) => end <= span.startMinute);
    const lane = free < 0 ? group.ends.length : free;
    group.ends[lane] = drawnEndOf(span);
    result.push({ lane, lanes: 1 });
  }
  close(spans.length);
  return result;
}

const HUES = 6;

/**
 * The colours of a student's courses, 1 to 6. A course has one of its own, made from its id; where two of them want the
 * same, the one with the greater id takes the next that is free. So the answer depends on the set alone, not on the page
 * or on the order in which it was read, and dropping a course changes the colour of no other that did not want its.
 */
export function courseHues(courseIds: Iterable<string>): Map<string, number> {
  const hues = new Map<string, number>();
  const taken = new Set<number>();
  for (const courseId of [...new Set(courseIds)].sort()) {
    const own = ownHue(courseId);
    const free = Array.from({ length: HUES }, (_, n) => ((own - 1 + n) % HUES) + 1).find((hue) => !taken.has(hue));
    hues.set(courseId, free ?? own);
    taken.add(free ?? own);
    if (taken.size === HUES) taken.clear();
  }
  return hues;
}

/** FNV-1a, 32 bits: spreads ids that differ in a few places. */
function ownHue(courseId: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < courseId.length; n += 1) hash = Math.imul(hash ^ courseId.charCodeAt(n), 0x01000193);
  return ((hash >>> 0) % HUES) + 1;
}

/**
 * For each class of one day the codes of the others that claim a part of its time. A cancelled class takes nobody's
 * time.
 */
export function overlapsOf(classes: readonly (Span & { code: string; isCancelled: boolean })[]): string[][] {
  return classes.map((one) =>
    classes
      .filter((other) => other !== one && !other.isCancelled && !one.isCancelled)
      .filter((other) => one.startMinute < other.endMinute && other.startMinute < one.endMinute)
      .map((other) => other.code),
  );
}

/** A class of fewer minutes is drawn as high as one of these: its one line has to be readable, also on paper. */
const LEAST_DRAWN_MINUTES = 25;
/** Fewer lines than code, time and title fit into a class that is lower than this. */
const SHORT_REM = 3;

/** Until when a class takes room in its column: a very short one more than its time. */
export function drawnEndOf(span: Span): number {
  return Math.max(span.endMinute, span.startMinute + LEAST_DRAWN_MINUTES);
}

/** True when a class is too low, at this height of an hour, for more than one line. */
export function isShort(span: Span, hourHeight: number): boolean {
  return ((drawnEndOf(span) - span.startMinute) / 60) * hourHeight < SHORT_REM;
}

const LINE_REM = 1;
const EDGES_REM = 0.875;
const HOUR_REM = { least: 4.25, most: 7.5 };

/**
 * How high an hour is drawn, in rem: as much as the shortest class needs for its lines – code, time, title; with what it
 * overlaps, or that it is cancelled, one more – within limits.
 */
export function hourHeightOf(
  classes: readonly (Span & { isCancelled: boolean; overlaps: readonly string[] })[],
): number {
  const needed = classes.map((one) => {
    const lines = one.isCancelled || one.overlaps.length > 0 ? 4 : 3;
    const hours = Math.max(one.endMinute - one.startMinute, 1) / 60;
    return (lines * LINE_REM + EDGES_REM) / hours;
  });
  return Math.min(HOUR_REM.most, Math.ceil(Math.max(HOUR_REM.least, ...needed) * 8) / 8);
}

/** The hours that a week needs: from the hour before its first class to the hour after its last, at least four. */
export function hoursOf(spans: readonly Span[]): { firstHour: number; lastHour: number } {
  if (spans.length === 0) return { firstHour: 8, lastHour: 16 };
  const start = Math.min(...spans.map((span) => span.startMinute));
  const end = Math.max(...spans.map((span) => span.endMinute));
  const firstHour = Math.max(0, Math.floor((start - 30) / 60));
  const lastHour = Math.min(24, Math.max(Math.ceil((end + 30) / 60), firstHour + 4));
  return { firstHour: Math.min(firstHour, lastHour - 4), lastHour };
}
