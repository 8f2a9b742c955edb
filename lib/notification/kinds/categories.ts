import type { NotificationCategory } from "@/lib/platform/generated/prisma/enums";
import type { Category } from "../schema";

/** Category as the database writes it. */
export const STORED_CATEGORY: Record<Category, NotificationCategory> = {
  absence: "ABSENCE",
  attendanceCorrection: "ATTENDANCE_CORRECTION",
  enrollment: "ENROLLMENT",
  classChange: "CLASS_CHANGE",
};

const CATEGORY: Record<NotificationCategory, Category> = {
  ABSENCE: "absence",
  ATTENDANCE_CORRECTION: "attendanceCorrection",
  ENROLLMENT: "enrollment",
  CLASS_CHANGE: "classChange",
};

/** Category as the interface writes it. */
export function categoryOf(stored: NotificationCategory): Category {
  return CATEGORY[stored];
}
