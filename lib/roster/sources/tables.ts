import type { Cells } from "./cells";
import type { ClassRow, CourseRow, EnrollmentRow, OrgRow, RoleRow, SessionRow, UserRow } from "./rows";

const NAME_LENGTH = 200;
const DESCRIPTION_LENGTH = 4_000;
/** Enough for any lecture hall, small enough for every sum. */
const MAX_SEATS = 100_000;

type Orgs = ReadonlyMap<string, OrgRow>;

// A row that ends something needs no more than its sourcedId, so the rest is read only from living rows.

/** One row of orgs.csv. */
export function orgRow(cells: Cells): OrgRow {
  const ended = cells.ended();
  const name = ended ? cells.text("name", NAME_LENGTH) : cells.requiredText("name", NAME_LENGTH);
  return { line: cells.line, sourcedId: cells.id("sourcedId"), ended, name, type: cells.raw("type").toLowerCase() };
}

/** One row of academicSessions.csv. */
export function sessionRow(cells: Cells): SessionRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  if (base.ended) return { ...base, title: "", type: "", startsOn: "2000-01-01", endsOn: "2000-01-01", holidays: [] };
  const type = cells.oneOf("type", ["term", "semester", "gradingPeriod", "schoolYear"]) ?? "";
  const startsOn = cells.date("startDate");
  const endsOn = cells.date("endDate");
  if (endsOn < startsOn) cells.fail("endDate", "datesReversed");
  else if (Date.parse(endsOn) - Date.parse(startsOn) > 800 * 86_400_000) cells.fail("endDate", "termTooLong");
  const holidays = cells.has("metadata.holidays") ? { holidays: cells.holidays("metadata.holidays") } : {};
  return { ...base, title: cells.requiredText("title", NAME_LENGTH), type, startsOn, endsOn, ...holidays };
}

/** One row of courses.csv. */
export function courseRow(cells: Cells, orgs: Orgs): CourseRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  if (base.ended) return { ...base, title: "", code: "", subject: null, credits: undefined, description: undefined };
  leaveOutOrgs(cells, "orgSourcedId", orgs);
  return {
    ...base,
    title: cells.requiredText("title", NAME_LENGTH),
    code: cells.text("courseCode", 60) || base.sourcedId,
    subject: cells.text("subjects", 2_000).split(",")[0]?.trim().slice(0, NAME_LENGTH) || null,
    credits: cells.has("metadata.credits") ? cells.decimal("metadata.credits", 1_000) : undefined,
    description: cells.has("metadata.description")
      ? cells.text("metadata.description", DESCRIPTION_LENGTH).replace(/\r\n?/g, "\n") || null
      : undefined,
  };
}

/** One row of classes.csv with its extension columns. */
export function classRow(cells: Cells, orgs: Orgs): ClassRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  const nothing = { capacity: undefined, waitlistCapacity: undefined, meetings: undefined, weeks: undefined };
  if (base.ended)
    return { ...base, title: "", code: "", courseSourcedId: "", termSourcedIds: [], location: null, ...nothing };
  checkOrg(cells, "schoolSourcedId", orgs);
  const termSourcedIds = cells.requiredIds("termSourcedIds");
  const column = <T>(name: string, read: (name: string) => T): T | undefined =>
    cells.has(name) ? read(name) : undefined;
  return {
    ...base,
    title: cells.text("title", NAME_LENGTH),
    code: cells.text("classCode", 60) || base.sourcedId,
    courseSourcedId: cells.id("courseSourcedId"),
    termSourcedIds,
    location: cells.text("location", NAME_LENGTH) || null,
    // An empty cell means the default (30 seats, as many on the waitlist), no column at all means "as it is".
    capacity: column("metadata.capacity", (name) => cells.count(name, MAX_SEATS) ?? 30),
    waitlistCapacity: cells.count("metadata.waitlistCapacity", MAX_SEATS) ?? undefined,
    meetings: column("metadata.meetings", (name) => cells.meetings(name)),
    weeks: column("metadata.weeks", (name) => cells.weeks(name)),
  };
}

/** One row of users.csv. `own`: roles and organisations are in this file (1.1), not in roles.csv (1.2). */
export function userRow(cells: Cells, orgs: Orgs, own: boolean): UserRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  if (base.ended) return { ...base, enabled: false, roles: [], givenName: "", familyName: "", email: "", agents: [] };
  const roles = own ? cells.requiredIds("role") : [];
  if (own) leaveOutOrgs(cells, "orgSourcedIds", orgs);
  if (cells.raw("password") !== "") cells.warn("password", "passwordIgnored");
  return {
    ...base,
    enabled: cells.flag("enabledUser", true),
    roles,
    givenName: cells.requiredText("givenName", NAME_LENGTH),
    familyName: cells.requiredText("familyName", NAME_LENGTH),
    email: cells.email("email"),
    agents: cells.ids("agentSourcedIds"),
  };
}

/** One row of roles.csv (1.2). */
export function roleRow(cells: Cells, orgs: Orgs): RoleRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  if (base.ended) return { ...base, userSourcedId: cells.raw("userSourcedId"), role: cells.raw("role") };
  leaveOutOrgs(cells, "orgSourcedId", orgs);
  return { ...base, userSourcedId: cells.id("userSourcedId"), role: cells.raw("role") };
}

/** One row of enrollments.csv. */
export function enrollmentRow(cells: Cells, orgs: Orgs): EnrollmentRow {
  const base = { line: cells.line, sourcedId: cells.id("sourcedId"), ended: cells.ended() };
  const role = cells.raw("role").toLowerCase();
  if (base.ended)
    return {
      ...base,
      classSourcedId: cells.raw("classSourcedId"),
      userSourcedId: cells.raw("userSourcedId"),
      role,
      beginsOn: null,
      endsOn: null,
    };
  checkOrg(cells, "schoolSourcedId", orgs);
  if (role === "") cells.fail("role", "required");
  const day = (column: string) => (cells.optional(column) === "" ? null : cells.date(column));
  const [beginsOn, endsOn] = [day("beginDate"), day("endDate")];
  if (beginsOn !== null && endsOn !== null && endsOn < beginsOn) cells.fail("endDate", "datesReversed");
  return {
    ...base,
    classSourcedId: cells.id("classSourcedId"),
    userSourcedId: cells.id("userSourcedId"),
    role,
    beginsOn,
    endsOn,
  };
}

/** Refuses a row of another school: its organisation is not in orgs.csv. Empty is fine. */
function checkOrg(cells: Cells, column: string, orgs: Orgs): void {
  const id = cells.optional(column);
  if (id !== "" && !orgs.has(id)) cells.fail(column, "danglingOrg", { id: id.slice(0, 80) });
}

/** Nothing depends on these: a course of the district, or a person's other schools. Those not in orgs.csv are counted. */
function leaveOutOrgs(cells: Cells, column: string, orgs: Orgs): void {
  for (const id of cells.ids(column)) if (!orgs.has(id)) cells.leaveOut(column, "orgsLeftOut", id);
}
