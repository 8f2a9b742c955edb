import { Prisma } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";

const DAY = 86_400;

/**
 * How long a sign-in lasts, in seconds, by the role of the person that sees most (OWASP ASVS 5.0, 7.3): without use (`idle`), and
 * however often it is renewed (`whole`). Who can see a whole school signs in more often than who sees one child.
 */
export const LIFETIMES = [
  { role: "ADMIN", idle: 1 * DAY, whole: 7 * DAY },
  { role: "TEACHER", idle: 7 * DAY, whole: 30 * DAY },
  { role: null, idle: 14 * DAY, whole: 30 * DAY },
] as const satisfies readonly { role: Role | null; idle: number; whole: number }[];

/** The longest that any sign-in lasts. */
export const LONGEST_SESSION_SECONDS = Math.max(...LIFETIMES.map(({ whole }) => whole));

/** Seconds without use after which the sign-in of a person with these roles is over. */
export function idleSeconds(roles: readonly Role[]): number {
  return lifetimeOf(roles).idle;
}

function lifetimeOf(roles: readonly Role[]): (typeof LIFETIMES)[number] {
  return LIFETIMES.find(({ role }) => role === null || roles.includes(role)) ?? LIFETIMES[2];
}

const ofRoles = LIFETIMES.filter(({ role }) => role !== null);

/** The whole time, where only the database knows the roles: of a row with `roles`, in seconds. */
export const wholeSecondsSql = Prisma.sql`coalesce((
  SELECT min(limits.whole) FROM unnest(${ofRoles.map(({ role }) => role)}::text[], ${ofRoles.map(({ whole }) => whole)}::int[])
    AS limits(role, whole) WHERE limits.role = ANY(owner.roles)), ${LONGEST_SESSION_SECONDS}::int)`;
