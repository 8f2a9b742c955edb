import type { Context, Role } from "./context";
import { AppError } from "./errors";
import { say } from "./say";

/** Of a context what decides about roles. */
type Acting = { actor: Pick<Context["actor"], "roles"> };

/** True when the actor has one of these roles. */
export function hasRole(ctx: Acting, ...roles: readonly Role[]): boolean {
  return roles.some((role) => ctx.actor.roles.includes(role));
}

/**
 * Throws `forbidden` unless the actor has one of these roles. The only place that refuses by role: shells call it before
 * they read a request, and use-cases and queries call it again, because nothing in the core relies on a shell. What is
 * about single objects (this teacher teaches this class) is in the `access.ts` of the module that has them.
 */
export function requireRole(ctx: Acting, ...roles: readonly Role[]): void {
  if (!hasRole(ctx, ...roles))
    throw new AppError("forbidden", { detail: say("detail.roleNeeded", { roles: roles.join(", ") }) });
}
