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
    group.ends[lane] = span.endMinute;
    result.push({ lane, lanes: 1 });
  }
  close(spans.length);
  return result;
}

const HUES = 6;

/** The colour of a course, 1 to 6: by its place among the student's courses, so that it is the same on every page. */
export function hueOf(courseId: string, courses: readonly string[]): number {
  return (Math.max(0, courses.indexOf(courseId)) % HUES) + 1;
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
