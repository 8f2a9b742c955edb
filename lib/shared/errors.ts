/**
 * The closed table of error codes. A code, its HTTP status, its title and whether the same call may succeed later.
 * `docs/errors.md` has a line for each (held together by a test). Titles say what happened; the `detail` of one error
 * says how to mend it. Neither carries personal data.
 */
export const ERROR_CODES = {
  invalid_request: { status: 400, title: "The request is not valid", retriable: false },
  push_endpoint_refused: { status: 400, title: "This push address is not accepted", retriable: false },
  unauthenticated: { status: 401, title: "Sign in first", retriable: false },
  invalid_credentials: { status: 401, title: "The email or the password is not right", retriable: false },
  access_token_expired: { status: 401, title: "The access token has expired", retriable: false },
  session_revoked: { status: 401, title: "This session has ended", retriable: false },
  refresh_token_invalid: { status: 401, title: "The refresh token is not known", retriable: false },
  refresh_token_reused: { status: 401, title: "The refresh token was used before", retriable: false },
  refresh_token_expired: { status: 401, title: "The refresh token has expired", retriable: false },
  forbidden: { status: 403, title: "Your role may not do this", retriable: false },
  cross_origin_refused: { status: 403, title: "A request from another site is refused", retriable: false },
  not_found: { status: 404, title: "Not found", retriable: false },
  section_not_found: { status: 404, title: "Section not found", retriable: false },
  enrollment_not_found: { status: 404, title: "Enrollment not found", retriable: false },
  class_session_not_found: { status: 404, title: "Class session not found", retriable: false },
  method_not_allowed: { status: 405, title: "This method is not offered here", retriable: false },
  section_full: { status: 409, title: "The section is full", retriable: false },
  already_enrolled: { status: 409, title: "You are enrolled in this course already", retriable: false },
  time_conflict: { status: 409, title: "The section overlaps another that you take", retriable: false },
  prerequisite_missing: { status: 409, title: "A prerequisite is missing", retriable: false },
  credit_limit_exceeded: { status: 409, title: "The credit limit would be exceeded", retriable: false },
  enrollment_closed: { status: 409, title: "Enrollment is closed", retriable: false },
  enrollment_hold: { status: 409, title: "A hold keeps you from enrolling", retriable: false },
  version_conflict: { status: 409, title: "Someone else has saved since", retriable: false },
  attendance_locked: { status: 409, title: "Attendance cannot be changed now", retriable: false },
  class_session_locked: { status: 409, title: "This class cannot be changed now", retriable: false },
  class_session_overlap: { status: 409, title: "The section has another class at that time", retriable: false },
  day_off_exists: { status: 409, title: "There is such a day off already", retriable: false },
  push_endpoint_taken: { status: 409, title: "This push address belongs to another subscription", retriable: false },
  idempotency_in_progress: { status: 409, title: "The first call with this key is still running", retriable: true },
  payload_too_large: { status: 413, title: "The request is too large", retriable: false },
  student_not_enrolled: { status: 422, title: "A student is not enrolled in this section", retriable: false },
  idempotency_key_reused: { status: 422, title: "This key was used for another call", retriable: false },
  too_many_requests: { status: 429, title: "Too many requests", retriable: true },
  internal: { status: 500, title: "Something failed on our side", retriable: true },
  unavailable: { status: 503, title: "A part of the system is down", retriable: true },
} as const satisfies Record<string, { status: number; title: string; retriable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

const BRAND = Symbol.for("campus.AppError");

/** True for an object that carries `brand`, a symbol that is the same in every bundle (`Symbol.for`). */
export function hasBrand(value: unknown, brand: symbol): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, brand) === true;
}

/** One field that is wrong: where (dotted path), which rule, and how to mend it. */
export type FieldError = { path: string; code: string; message: string };

export type AppErrorOptions = {
  /** A sentence that says how to mend it; no personal data. */
  detail?: string;
  errors?: FieldError[];
  /** Seconds for `Retry-After`. */
  retryAfterSeconds?: number;
  /** More members of the problem document, for example ids. */
  extra?: Record<string, unknown>;
  cause?: unknown;
};

/**
 * An outcome that the caller can act on. Anything else that is thrown is a defect and answers `internal`. `instanceof`
 * knows it by a brand: the code of one process is loaded several times (once a bundle), and each has a class of its own.
 */
export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasBrand(value, BRAND);
  }

  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly status: number;
  readonly retriable: boolean;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extra: Record<string, unknown> | undefined;
  /** All of an error that Next.js takes to the browser; it makes one where there is none. */
  readonly digest?: string;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(`${code}: ${options.detail ?? ERROR_CODES[code].title}`, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.retriable = ERROR_CODES[code].retriable;
    this.detail = options.detail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extra = options.extra;
    if (code === "unavailable") this.digest = code;
  }
}
