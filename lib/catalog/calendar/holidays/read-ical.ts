/** A property of an iCalendar file (RFC 5545 §3.1) with the number of its first line. */
export type IcalProperty = { name: string; params: Map<string, string>; value: string; line: number };
export type IcalEvent = { line: number; properties: IcalProperty[] };
export type IcalProblemCode =
  "notCalendar" | "badLine" | "badNesting" | "cutOff" | "tooMany" | "noStart" | "badDate" | "endBeforeStart";
/** What is wrong with the file, and in which line; the first is 1. */
export type IcalProblem = { line: number; code: IcalProblemCode };

export const MAX_ICAL_EVENTS = 500;
const PROPERTY = /^([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)$/s;

/**
 * The events of an iCalendar file, as far as their form goes: folded lines are joined, quoted parameters respected, other
 * components (zones, alarms, tasks) passed over. Every problem names its line; with one the events are not to be used.
 * A reader of our own, because the ones there are do not say in which line a file is wrong.
 */
export function readIcal(text: string): { events: IcalEvent[]; problems: IcalProblem[] } {
  const lines = unfold(text);
  const problems: IcalProblem[] = [];
  const events: IcalEvent[] = [];
  if (lines[0]?.text.trim().toUpperCase() !== "BEGIN:VCALENDAR")
    return { events, problems: [{ line: 1, code: "notCalendar" }] };
  const open: { name: string; line: number }[] = [];
  let event: IcalEvent | null = null;
  for (const { text: written, line } of lines) {
    const property = propertyOf(written, line);
    if (!property) {
      problems.push({ line, code: "badLine" });
      continue;
    }
    const component = property.value.trim().toUpperCase();
    if (property.name === "BEGIN") {
      open.push({ name: component, line });
      if (component === "VEVENT" && open.length === 2) event = { line, properties: [] };
    } else if (property.name === "END") {
      if (open.pop()?.name !== component) return { events, problems: [...problems, { line, code: "badNesting" }] };
      if (component !== "VEVENT" || open.length !== 1 || !event) continue;
      events.push(event);
      event = null;
    } else if (event && open.length === 2) event.properties.push(property);
  }
  const unclosed = open.at(-1);
  if (unclosed) problems.push({ line: unclosed.line, code: "cutOff" });
  if (events.length > MAX_ICAL_EVENTS) problems.push({ line: events[MAX_ICAL_EVENTS]?.line ?? 1, code: "tooMany" });
  return { events, problems };
}

/** The value of a TEXT property without its escapes (RFC 5545 §3.3.11), on one line. */
export function icalText(value: string): string {
  return value
    .replaceAll(/\\([nN\\,;])/g, (_, escaped: string) => (escaped.toLowerCase() === "n" ? " " : escaped))
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

function unfold(text: string): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = [];
  for (const [index, written] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1);
    if (last && /^[ \t]/.test(written)) last.text += written.slice(1);
    else if (written.trim() !== "") lines.push({ text: written, line: index + 1 });
  }
  return lines;
}

function propertyOf(written: string, line: number): IcalProperty | null {
  const match = PROPERTY.exec(written);
  if (!match) return null;
  const [, name = "", parameters = "", value = ""] = match;
  const params = new Map(
    [...parameters.matchAll(/;([^=;]+)=("[^"]*"|[^;]*)/g)].map((each): [string, string] => [
      (each[1] ?? "").toUpperCase(),
      (each[2] ?? "").replaceAll('"', ""),
    ]),
  );
  return { name: name.toUpperCase(), params, value, line };
}
