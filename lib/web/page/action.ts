import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { refuseOverdue } from "@/lib/identity/factors/rule";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { requireRole } from "@/lib/shared/access";
import type { Context, Role } from "@/lib/shared/context";
import { AppError, type ErrorCode, type FieldError } from "@/lib/shared/errors";
import { callerAddress } from "../server/caller-address";
import { formArgument } from "./form-argument";
import { isCrossOrigin } from "../server/origin";
import { appErrorOf, invalidRequest } from "../route/problem";
import { requestIdOf } from "../server/request-id";

/** What became of a form after it was sent; a page says it in its own words, by `code`, `lock` and the paths of `errors`. */
export type ActionState<T> =
  | { status: "idle" }
  | { status: "done"; data: T }
  | { status: "failed"; code: ErrorCode; errors: FieldError[]; requestId: string; lock?: string };

/**
 * A server action around one use-case: same checks as `route()` (signed in, own origin, role, valid fields), and the
 * outcome as a value, so that the form keeps what was typed. Repeated fields become arrays when the schema wants one.
 */
export function action<S extends z.ZodType, T>(
  definition: {
    name: string;
    roles: readonly Role[] | "signedIn";
    input: S;
    /** Also for who has to set up a second factor before anything else. */
    whileOverdue?: true;
  },
  useCase: (ctx: Context, input: z.output<S>) => Promise<T>,
): (form: FormData) => Promise<ActionState<T>> {
  return async (form) => {
    const incoming = await headers();
    const requestId = requestIdOf(incoming);
    try {
      if (isCrossOrigin(incoming)) throw new AppError("cross_origin_refused");
      const { actor } = await authenticateRequest(incoming);
      if (definition.whileOverdue !== true) await refuseOverdue(actor, new Date());
      const { roles } = definition;
      if (roles !== "signedIn") requireRole({ actor }, ...roles);
      const input = definition.input.safeParse(formValues(formArgument(form)));
      if (!input.success) throw invalidRequest(input.error);
      const address = callerAddress(incoming);
      const data = await useCase({ actor, requestId, now: new Date(), source: "web", address }, input.data);
      log().info({ requestId, action: definition.name, actorId: actor.userId }, "action");
      return { status: "done", data };
    } catch (thrown) {
      const error = appErrorOf(thrown);
      if (error.status >= 500)
        log().error({ requestId, action: definition.name, err: errorForLog(thrown) }, "action failed");
      else log().info({ requestId, action: definition.name, code: error.code }, "action refused");
      return {
        status: "failed",
        code: error.code,
        errors: error.errors ?? [],
        requestId,
        ...(typeof error.extra?.["lock"] === "string" ? { lock: error.extra["lock"] } : {}),
      };
    }
  };
}

/**
 * Where the last proof of who acts is too long ago (`proof_required`), goes to the page that asks for it, from which one comes
 * back to `page` to do it again. Does nothing for any other outcome. Call it first, with what an action answered.
 */
export function proveFirst(outcome: ActionState<unknown>, page: string): void {
  if (outcome.status === "failed" && outcome.code === "proof_required")
    redirect(`/prove?from=${encodeURIComponent(page)}`);
}

function formValues(form: FormData): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of new Set(form.keys())) {
    if (key.startsWith("$ACTION")) continue;
    const all = form.getAll(key).filter((value) => typeof value === "string");
    values[key] = all.length > 1 ? all : all[0];
  }
  return values;
}
