import { AppError } from "@/lib/shared/errors";
import { locked } from "./change";

/** The class would be held on a day without school. */
export function noSchool(title: string | null): AppError {
  return locked("DAY_OFF", `There is no school that day${title === null ? "" : ` (${title})`}.`);
}

/** The class would overlap another one of its section. */
export function overlaps(classSessionId: string): AppError {
  return new AppError("class_session_overlap", {
    detail: "Choose another time, or restore or move the other class first.",
    extra: { classSessionId },
  });
}
