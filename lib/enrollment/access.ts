import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";

/** Only students enroll, drop and have enrollments; other roles may never use these calls. */
export function requireStudent(ctx: Context): void {
  if (!isStudent(ctx)) throw new AppError("forbidden", { detail: "This needs the role STUDENT." });
}

/** True for a person who can enroll. */
export function isStudent(ctx: Context): boolean {
  return ctx.actor.roles.includes("STUDENT");
}
