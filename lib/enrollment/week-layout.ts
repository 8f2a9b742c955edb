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

/** The hours that a week needs: from the hour before its first class to the hour after its last, at least four. */
export function hoursOf(spans: readonly Span[]): { firstHour: number; lastHour: number } {
  if (spans.length === 0) return { firstHour: 8, lastHour: 16 };
  const start = Math.min(...spans.map((span) => span.startMinute));
  const end = Math.max(...spans.map((span) => span.endMinute));
  const firstHour = Math.max(0, Math.floor((start - 30) / 60));
  const lastHour = Math.min(24, Math.max(Math.ceil((end + 30) / 60), firstHour + 4));
  return { firstHour: Math.min(firstHour, lastHour - 4), lastHour };
}
