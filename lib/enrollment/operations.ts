import { operation } from "@/lib/shared/operation";
import { enrollBody, enrolledSchema, enrollmentParams } from "./schema";

/** `POST /api/enroll`. */
export const enrollOperation = operation({
  id: "enroll",
  method: "POST",
  path: "/api/enroll",
  summary: "Enroll in a section.",
  tag: "enrollment",
  access: ["STUDENT"],
  idempotency: "core",
  body: enrollBody,
  responses: { 201: enrolledSchema },
  errors: [
    "section_full",
    "already_enrolled",
    "time_conflict",
    "prerequisite_missing",
    "credit_limit_exceeded",
    "enrollment_closed",
    "enrollment_hold",
    "section_not_found",
    "too_many_attempts",
    "unavailable",
  ],
});

/** `DELETE /api/enrollments/{id}`. */
export const dropOperation = operation({
  id: "dropEnrollment",
  method: "DELETE",
  path: "/api/enrollments/{id}",
  summary: "Drop an enrollment of mine. The row and its attendance stay. Possible until the term ends.",
  tag: "enrollment",
  access: ["STUDENT"],
  params: enrollmentParams,
  responses: { 204: null },
  errors: ["enrollment_not_found", "enrollment_closed"],
});
