import { operation } from "@/lib/shared/operation";
import {
  classSessionListSchema,
  classSessionParams,
  classSessionsQuery,
  familyStudentParams,
  familyStudentsQuery,
  familyStudentsSchema,
  familyVersionSchema,
  historyPageSchema,
  historyQuery,
  markBulkResultSchema,
  markBulkSchema,
  notifyResultSchema,
  reopenResultSchema,
  sheetSchema,
  sheetVersionSchema,
} from "./schema";

export const listClassSessionsOperation = operation({
  id: "listClassSessions",
  method: "GET",
  path: "/api/class-sessions",
  summary: "My class sessions of a local date, today when left out",
  tag: "attendance",
  access: ["TEACHER"],
  query: classSessionsQuery,
  responses: { 200: classSessionListSchema },
  errors: [],
});

export const getAttendanceOperation = operation({
  id: "getAttendance",
  method: "GET",
  path: "/api/attendance/{classSessionId}",
  summary: "The attendance sheet of a class session of mine",
  tag: "attendance",
  access: ["TEACHER"],
  params: classSessionParams,
  responses: { 200: sheetSchema },
  errors: ["class_session_not_found"],
});

export const getAttendanceVersionOperation = operation({
  id: "getAttendanceVersion",
  method: "GET",
  path: "/api/attendance/{classSessionId}/version",
  summary: "Version and state of the sheet alone, for pages that watch it",
  tag: "attendance",
  access: ["TEACHER"],
  params: classSessionParams,
  responses: { 200: sheetVersionSchema },
  errors: ["class_session_not_found"],
});

export const markBulkOperation = operation({
  id: "markBulk",
  method: "POST",
  path: "/api/attendance/mark-bulk",
  summary: "Save marks of a class session of mine, all or none, and finish it unless finalize is false",
  tag: "attendance",
  access: ["TEACHER"],
  body: markBulkSchema,
  // 2,000 marks with notes of 500 characters, which take up to six bytes each.
  maxBodyBytes: 8 * 1024 * 1024,
  responses: { 200: markBulkResultSchema },
  errors: ["class_session_not_found", "version_conflict", "attendance_locked", "student_not_enrolled"],
});

export const reopenAttendanceOperation = operation({
  id: "reopenAttendance",
  method: "POST",
  path: "/api/attendance/{classSessionId}/reopen",
  summary: "Open a finished class session of mine again before its grace ends; nobody is notified",
  tag: "attendance",
  access: ["TEACHER"],
  params: classSessionParams,
  responses: { 200: reopenResultSchema },
  errors: ["class_session_not_found", "attendance_locked"],
});

export const notifyAttendanceOperation = operation({
  id: "notifyAttendance",
  method: "POST",
  path: "/api/attendance/{classSessionId}/notify",
  summary: "End the grace of a finished class session of mine now: guardians of the absent are notified",
  tag: "attendance",
  access: ["TEACHER"],
  params: classSessionParams,
  responses: { 200: notifyResultSchema },
  errors: ["class_session_not_found", "attendance_locked"],
});

export const myAttendanceOperation = operation({
  id: "listMyAttendance",
  method: "GET",
  path: "/api/me/attendance",
  summary: "My own marks, newest class first",
  tag: "attendance",
  access: ["STUDENT"],
  query: historyQuery,
  responses: { 200: historyPageSchema },
  errors: [],
});

export const familyStudentsOperation = operation({
  id: "listFamilyStudents",
  method: "GET",
  path: "/api/family/students",
  summary: "The students whose guardian I am",
  tag: "attendance",
  access: ["GUARDIAN"],
  query: familyStudentsQuery,
  responses: { 200: familyStudentsSchema },
  errors: [],
});

export const familyVersionOperation = operation({
  id: "getFamilyVersion",
  method: "GET",
  path: "/api/family/version",
  summary: "A word that changes with the marks of my students, for pages that watch them",
  tag: "attendance",
  access: ["GUARDIAN"],
  responses: { 200: familyVersionSchema },
  errors: [],
});

export const familyAttendanceOperation = operation({
  id: "listFamilyAttendance",
  method: "GET",
  path: "/api/family/students/{studentId}/attendance",
  summary: "The marks of one of my students, newest class first",
  tag: "attendance",
  access: ["GUARDIAN"],
  params: familyStudentParams,
  query: historyQuery,
  responses: { 200: historyPageSchema },
  errors: ["not_found"],
});
