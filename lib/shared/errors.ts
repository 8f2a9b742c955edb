import type { Sentence } from "./say";

/**
 * The closed table of error codes. A code, its HTTP status and whether the same call may succeed later. `docs/errors.md`
 * has a line for each, and `api.json` of each language a title that says what happened (held together by tests); the
 * `detail` of one error says how to mend it. Neither carries personal data.
 */
export const ERROR_CODES = {
  invalid_request: { status: 400, retriable: false },
  push_endpoint_refused: { status: 400, retriable: false },
  unauthenticated: { status: 401, retriable: false },
  invalid_credentials: { status: 401, retriable: false },
  second_factor_required: { status: 401, retriable: false },
  access_token_expired: { status: 401, retriable: false },
  session_revoked: { status: 401, retriable: false },
  refresh_token_invalid: { status: 401, retriable: false },
  refresh_token_reused: { status: 401, retriable: false },
  refresh_token_expired: { status: 401, retriable: false },
  password_sign_in_off: { status: 403, retriable: false },
  forbidden: { status: 403, retriable: false },
  second_factor_setup_required: { status: 403, retriable: false },
  proof_required: { status: 403, retriable: false },
  cross_origin_refused: { status: 403, retriable: false },
  not_found: { status: 404, retriable: false },
  section_not_found: { status: 404, retriable: false },
  enrollment_not_found: { status: 404, retriable: false },
  class_session_not_found: { status: 404, retriable: false },
  method_not_allowed: { status: 405, retriable: false },
  section_full: { status: 409, retriable: false },
  already_enrolled: { status: 409, retriable: false },
  time_conflict: { status: 409, retriable: false },
  prerequisite_missing: { status: 409, retriable: false },
  credit_limit_exceeded: { status: 409, retriable: false },
  enrollment_closed: { status: 409, retriable: false },
  enrollment_hold: { status: 409, retriable: false },
  version_conflict: { status: 409, retriable: false },
  attendance_locked: { status: 409, retriable: false },
  class_session_locked: { status: 409, retriable: false },
  class_session_overlap: { status: 409, retriable: false },
  account_state: { status: 409, retriable: false },
  day_off_exists: { status: 409, retriable: false },
  push_endpoint_taken: { status: 409, retriable: false },
  idempotency_in_progress: { status: 409, retriable: true },
  payload_too_large: { status: 413, retriable: false },
  student_not_enrolled: { status: 422, retriable: false },
  idempotency_key_reused: { status: 422, retriable: false },
  too_many_attempts: { status: 429, retriable: true },
  too_many_requests: { status: 429, retriable: true },
  internal: { status: 500, retriable: true },
  unavailable: { status: 503, retriable: true },
} as const satisfies Record<string, { status: number; retriable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

const BRAND = Symbol.for("campus.AppError");

/** True for an object that carries `brand`, a symbol that is the same in every bundle (`Symbol.for`). */
export function hasBrand(value: unknown, brand: symbol): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, brand) === true;
}

/** One field that is wrong: where (dotted path), which rule, and how to mend it. */
export type FieldError = { path: string; code: string; message: Sentence };

export type AppErrorOptions = {
  /** Says how to mend it; no personal data. */
  detail?: Sentence;
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
  readonly detail: Sentence | undefined;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extra: Record<string, unknown> | undefined;
  /** All of an error that Next.js takes to the browser; it makes one where there is none. */
  readonly digest?: string;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.detail ? `${code}: ${options.detail.key}` : code, { cause: options.cause });
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
