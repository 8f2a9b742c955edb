import { sectionListQuery, sectionSchema } from "@/lib/catalog/schema";
import { operation } from "@/lib/shared/operation";
import { pageOf } from "@/lib/shared/schema";
import { enrollmentItemSchema, enrollmentListQuery } from "./schema";

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
