import { AppError } from "@/lib/shared/errors";
import type { MarkingLock } from "../schema";

const DETAILS: Record<MarkingLock, string> = {
  CANCELLED: "The class is cancelled.",
  NOT_OPEN: "Marking opens one hour before the class starts.",
  EDIT_WINDOW_OVER: "The time in which marks may be changed is over. Ask the office.",
};

/** The refusal of a change of a class session whose marks are locked. */
export function lockError(lock: MarkingLock): AppError {
  return new AppError("attendance_locked", { detail: DETAILS[lock], extra: { lock } });
}
