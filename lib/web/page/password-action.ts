import { headers } from "next/headers";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { isCrossOrigin } from "../server/origin";
import { formArgument } from "./form-argument";
import { type FormError, newPasswordError } from "./new-password-error";
import { webCall } from "./web-call";

/**
 * A server action of a signed-in person in which a password is set: the checks of `action()`, and what to mend as a line of
 * the form, or null when it is done. Passwords are taken as they were typed, without a schema that would trim them.
 */
export async function actionWithPassword(
  form: FormData,
  work: (ctx: Context, fields: { current: string; password: string }) => Promise<void>,
): Promise<FormError | null> {
  const fields = formArgument(form);
  const text = (name: string) => String(fields.get(name) ?? "");
  try {
    const incoming = await headers();
    if (isCrossOrigin(incoming)) throw new AppError("cross_origin_refused");
    const { actor } = await authenticateRequest(incoming);
    await work({ actor, ...webCall(incoming) }, { current: text("current"), password: text("password") });
    return null;
  } catch (thrown) {
    return newPasswordError(thrown);
  }
}
