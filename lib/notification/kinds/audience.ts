import type { Role } from "@/lib/shared/context";
import { CATEGORIES, type Category } from "../schema";

/**
 * Who is told what: the student an event is about, that student's guardians, and of changed classes and days off the
 * teachers too. The office is told nothing.
 */
const TOLD: Record<Role, readonly Category[]> = {
  STUDENT: ["absence", "attendanceCorrection", "enrollment", "classChange"],
  GUARDIAN: ["absence", "attendanceCorrection", "classChange"],
  TEACHER: ["classChange"],
  ADMIN: [],
};

/** The kinds of news that are really sent to a person with these roles; pages offer no switch for another. */
export function categoriesFor(roles: readonly Role[]): Category[] {
  return CATEGORIES.filter((category) => roles.some((role) => TOLD[role].includes(category)));
}
