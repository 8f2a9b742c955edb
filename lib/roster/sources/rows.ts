import type { HolidayCell, MeetingCell } from "./cells";

/** What every row has: where it stands, which thing it means, and whether it ends that thing. */
type Row = { line: number; sourcedId: string; ended: boolean };

export type OrgRow = Row & { name: string; type: string };
export type SessionRow = Row & {
  title: string;
  type: string;
  startsOn: string;
  endsOn: string;
  /** Undefined: the file has no such column, what is stored stays. */
  holidays?: HolidayCell[];
};
export type CourseRow = Row & {
  title: string;
  code: string;
  subject: string | null;
  /** Undefined: the file has no such column, what is stored stays. */
  credits: string | null | undefined;
  description: string | null | undefined;
};
export type ClassRow = Row & {
  title: string;
  code: string;
  courseSourcedId: string;
  termSourcedIds: string[];
  location: string | null;
  capacity: number | undefined;
  waitlistCapacity: number | undefined;
  meetings: MeetingCell[] | undefined;
  weeks: string | null | undefined;
};
export type UserRow = Row & {
  enabled: boolean;
  /** As the file writes them; 1.2 has them in roles.csv. */
  roles: string[];
  givenName: string;
  familyName: string;
  email: string;
  agents: string[];
};
/** A row of roles.csv (1.2). */
export type RoleRow = Row & { userSourcedId: string; role: string };
export type EnrollmentRow = Row & {
  classSourcedId: string;
  userSourcedId: string;
  role: string;
  /** First and last local date, both inclusive; null: the row says nothing. */
  beginsOn: string | null;
  endsOn: string | null;
};

/** All rows of a roster, each table by sourcedId in the order of the file. */
export type Roster = {
  version: "1.1" | "1.2";
  /** Files that say all there is; those that are a difference or not there say nothing of what they leave out. */
  whole: Set<string>;
  orgs: Map<string, OrgRow>;
  sessions: Map<string, SessionRow>;
  courses: Map<string, CourseRow>;
  classes: Map<string, ClassRow>;
  users: Map<string, UserRow>;
  roles: Map<string, RoleRow>;
  enrollments: Map<string, EnrollmentRow>;
};
