import { z } from "zod";
import { operation } from "@/lib/shared/operation";
import { loginAnswer, loginInput, me, refreshAnswer, refreshInput } from "./schema";

/** Anybody may send these, so nobody may send much. A password of 1,024 characters takes up to 12 KiB in JSON. */
export const CREDENTIALS_BYTES = 16 * 1024;

export const loginOperation = operation({
  id: "login",
  method: "POST",
  path: "/api/login",
  summary: "Sign in by email and password, and by a code for who has a second factor",
  tag: "auth",
  access: "public",
  body: loginInput,
  maxBodyBytes: CREDENTIALS_BYTES,
  responses: { 200: loginAnswer },
  errors: ["invalid_credentials", "second_factor_required", "password_sign_in_off", "too_many_attempts"],
});

export const refreshOperation = operation({
  id: "refreshToken",
  method: "POST",
  path: "/api/token/refresh",
  summary: "Spend a refresh token for a new pair; spending one twice ends the session",
  tag: "auth",
  access: "public",
  idempotency: "core",
  body: refreshInput,
  maxBodyBytes: CREDENTIALS_BYTES,
  responses: { 200: refreshAnswer },
  errors: [
    "refresh_token_invalid",
    "refresh_token_reused",
    "refresh_token_expired",
    "session_revoked",
    "too_many_attempts",
  ],
});

export const logoutOperation = operation({
  id: "logout",
  method: "POST",
  path: "/api/logout",
  summary: "End this session: its access tokens are refused within a second everywhere",
  tag: "auth",
  access: "signedIn",
  idempotency: "none",
  responses: { 204: null },
  errors: [],
});

export const meOperation = operation({
  id: "me",
  method: "GET",
  path: "/api/me",
  summary: "The signed-in person and the school",
  tag: "auth",
  access: "signedIn",
  responses: { 200: me },
  errors: [],
});

/** Rows of a file for a person to read: their fields may grow. */
const rows = z.array(z.record(z.string(), z.unknown()));

export const ownDataOperation = operation({
  id: "ownData",
  method: "GET",
  path: "/api/me/data",
  summary: "Everything that is kept of the signed-in person, as a file",
  tag: "auth",
  access: "signedIn",
  responses: {
    200: z.object({
      madeAt: z.string(),
      account: z.record(z.string(), z.unknown()),
      guardians: rows,
      children: rows,
      sessions: rows,
      log: rows,
      enrollments: rows,
      attendance: rows,
      preferences: z.record(z.string(), z.unknown()),
      devices: rows,
      notifications: rows,
    }),
  },
  errors: ["too_many_attempts"],
});

export const pingOperation = operation({
  id: "ping",
  method: "GET",
  path: "/api/ping",
  summary: "Nothing but the check of the caller: is this token still good, and how fast can this server answer at all",
  tag: "auth",
  access: "signedIn",
  responses: { 204: null },
  errors: [],
});

const publicJwk = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string(),
  y: z.string(),
  kid: z.string(),
  alg: z.literal("ES256"),
  use: z.literal("sig"),
});

export const jwksOperation = operation({
  id: "jwks",
  method: "GET",
  path: "/api/.well-known/jwks.json",
  summary: "The keys that verify access tokens (RFC 7517)",
  tag: "auth",
  access: "public",
  responses: { 200: z.object({ keys: z.array(publicJwk) }) },
  errors: [],
});

export const operations = [
  loginOperation,
  refreshOperation,
  logoutOperation,
  meOperation,
  ownDataOperation,
  jwksOperation,
] as const;
