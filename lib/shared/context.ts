import type { KeyedCall } from "./keyed-call";

export const ROLES = ["STUDENT", "TEACHER", "GUARDIAN", "ADMIN"] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: a signed-in person. */
export type Actor = {
  userId: string;
  schoolId: string;
  roles: readonly Role[];
  sessionId: string;
  /** Who must set up a second factor: until when they can do without, in seconds since 1970. */
  factorDueAt?: number;
};

/** What a use-case knows of the call: the actor, the request and the clock. Time always comes from `now`. */
export type Context = {
  actor: Actor;
  requestId: string;
  now: Date;
  source: "api" | "web" | "import" | "worker";
  /** IP address of the caller, for the audit and for counting tries alone. */
  address?: string | null;
  /** What the cookie of known devices says; for signing in alone. */
  device?: string | null;
  /** What the caller's browser or program says it is; kept with a session that this call opens. */
  userAgent?: string | null;
  /** With an `Idempotency-Key`, for operations that keep their answer themselves. */
  keyed?: KeyedCall;
};
