import type { NotificationCategory } from "@/lib/platform/generated/prisma/enums";
import { CATEGORIES, type Category } from "../schema";

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
export function categoryOf(stored: NotificationCategory): Category;
/** The same; null, as a test alert has it, stays null. */
export function categoryOf(stored: NotificationCategory | null): Category | null;
export function categoryOf(stored: NotificationCategory | null): Category | null {
  return stored === null ? null : CATEGORY[stored];
}

/** An answer for every category. */
export function forEachCategory<T>(answer: (category: Category) => T): Record<Category, T> {
  return Object.fromEntries(CATEGORIES.map((category) => [category, answer(category)])) as Record<Category, T>;
}
