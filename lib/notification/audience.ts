import type { Role } from "@/lib/shared/context";
import { CATEGORIES, type Category } from "./schema";

/** Who is told what: the student an event is about, and that student's guardians. Teachers and the office are told nothing. */
const TOLD: Record<Role, readonly Category[]> = {
  STUDENT: ["absence", "attendanceCorrection", "enrollment"],
  GUARDIAN: ["absence", "attendanceCorrection"],
  TEACHER: [],
  ADMIN: [],
};

/** The kinds of news that are really sent to a person with these roles; pages offer no switch for another. */
export function categoriesFor(roles: readonly Role[]): Category[] {
  return CATEGORIES.filter((category) => roles.some((role) => TOLD[role].includes(category)));
}
