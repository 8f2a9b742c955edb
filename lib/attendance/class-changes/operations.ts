import { operation } from "@/lib/shared/operation";
import { cancelClassInput, classChangeParams, classChangeSchema, moveClassInput } from "./schema";

export const cancelClassOperation = operation({
  id: "cancelClassSession",
  method: "POST",
  path: "/api/class-sessions/{id}/cancel",
  summary: "Cancel one class. Its students, their guardians and its other teachers are notified",
  tag: "calendar",
  access: ["TEACHER", "ADMIN"],
  params: classChangeParams,
  body: cancelClassInput,
  responses: { 200: classChangeSchema },
  errors: ["class_session_not_found", "class_session_locked"],
});

export const restoreClassOperation = operation({
  id: "restoreClassSession",
  method: "POST",
  path: "/api/class-sessions/{id}/restore",
  summary: "Take the last change of one class back: a cancelled one is held, a moved one is where the plan has it",
  tag: "calendar",
  access: ["TEACHER", "ADMIN"],
  params: classChangeParams,
  responses: { 200: classChangeSchema },
  errors: ["class_session_not_found", "class_session_locked", "class_session_overlap"],
});

export const moveClassOperation = operation({
  id: "moveClassSession",
  method: "POST",
  path: "/api/class-sessions/{id}/move",
  summary: "Hold one class at another time or in another room; also one that was cancelled",
  tag: "calendar",
  access: ["TEACHER", "ADMIN"],
  params: classChangeParams,
  body: moveClassInput,
  responses: { 200: classChangeSchema },
  errors: ["class_session_not_found", "class_session_locked", "class_session_overlap"],
});
