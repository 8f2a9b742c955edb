import { sectionListQuery, sectionSchema } from "@/lib/catalog/schema";
import { operation } from "@/lib/shared/operation";
import { pageOf } from "@/lib/shared/schema";
import { enrollmentListQuery } from "./list-enrollments";
import { enrollBody, enrolledSchema, enrollmentItemSchema, enrollmentParams } from "./schema";

/** `GET /api/sections/available`: here and not in the catalog, because `blockers` are the caller's enrollments' business. */
export const availableSectionsOperation = operation({
  id: "availableSections",
  method: "GET",
  path: "/api/sections/available",
  summary:
    "Sections of running and coming terms, by course and code: those with a free seat, or all. `blockers` are the reasons why the caller would not get the section now, the first being what enrolling would answer. Every signed-in person may read the list; for people who are not students only `enrollment_closed` and `section_full` are named.",
  tag: "sections",
  access: "signedIn",
  query: sectionListQuery,
  responses: { 200: pageOf(sectionSchema) },
  errors: [],
});

/** `POST /api/enroll`. */
export const enrollOperation = operation({
  id: "enroll",
  method: "POST",
  path: "/api/enroll",
  summary: "Enroll in a section.",
  tag: "enrollment",
  access: ["STUDENT"],
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
    "unavailable",
  ],
});

/** `GET /api/enrollments`. */
export const enrollmentsOperation = operation({
  id: "enrollments",
  method: "GET",
  path: "/api/enrollments",
  summary: "My live enrollments, newest first.",
  tag: "enrollment",
  access: ["STUDENT"],
  query: enrollmentListQuery,
  responses: { 200: pageOf(enrollmentItemSchema) },
  errors: [],
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
