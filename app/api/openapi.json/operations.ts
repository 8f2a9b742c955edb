import * as classChanges from "@/lib/attendance/class-changes/operations";
import * as attendance from "@/lib/attendance/operations";
import * as catalog from "@/lib/catalog/operations";
import * as enrollment from "@/lib/enrollment/operations";
import * as identity from "@/lib/identity/operations";
import * as notification from "@/lib/notification/operations";
import * as roster from "@/lib/roster/operations";
import * as timetable from "@/lib/timetable/operations";
import type { Operation } from "@/lib/shared/operation";
import * as web from "@/lib/web/route/operations";

/** Every operation of the HTTP interface, by path. A test holds this and the route files together. */
export function allOperations(): Operation[] {
  return [attendance, classChanges, catalog, enrollment, identity, notification, roster, timetable, web]
    .flatMap((module): unknown[] => Object.values(module))
    .filter(isOperation)
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1));
}

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "id" in value && "path" in value && "responses" in value;
}
