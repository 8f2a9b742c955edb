import { AppError } from "@/lib/shared/errors";
import type { MarkingLock } from "../schema";
import { say, type Sentence } from "@/lib/shared/say";

const DETAILS: Record<MarkingLock, Sentence> = {
  CANCELLED: say("detail.classCancelled"),
  NOT_OPEN: say("detail.notOpenYet"),
  EDIT_WINDOW_OVER: say("detail.editWindowOver"),
};

/** The refusal of a change of a class session whose marks are locked. */
export function lockError(lock: MarkingLock): AppError {
  return new AppError("attendance_locked", { detail: DETAILS[lock], extra: { lock } });
}
