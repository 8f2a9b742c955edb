import { operation } from "@/lib/shared/operation";
import {
  classSessionListSchema,
  classSessionParams,
  classSessionsQuery,
  familyStudentParams,
  familyStudentsQuery,
  familyStudentsSchema,
  historyPageSchema,
  historyQuery,
  markBulkResultSchema,
  markBulkSchema,
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
  responses: { 200: markBulkResultSchema },
  errors: ["class_session_not_found", "version_conflict", "attendance_locked", "student_not_enrolled"],
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
