"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import { changePassword } from "@/lib/identity/credentials/change-password";
import { endOtherSessions, endSession } from "@/lib/identity/devices/end-session";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { actionWithPassword } from "@/lib/web/page/password-action";

const end = action({ name: "endSession", roles: "signedIn", input: z.object({ id: idSchema }) }, endSession);
const endOthers = action({ name: "endOtherSessions", roles: "signedIn", input: z.object({}) }, (ctx) =>
  endOtherSessions(ctx),
);

/** Changes the password, or says what to mend. */
export async function changePasswordAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const error = await actionWithPassword(form, (ctx, { current, password }) =>
    changePassword(ctx, { current, password }),
  );
  if (error) return { errors: [error] };
  redirect("/account?result=changed");
}

/** Signs out in one other place. */
export async function endSessionAction(form: FormData): Promise<void> {
  const outcome = await end(form);
  const isGone = outcome.status === "failed" && outcome.code === "not_found";
  redirect(`/account?result=${outcome.status === "done" ? "ended" : isGone ? "gone" : "failed"}#sessions`);
}

/** Signs out everywhere but here. */
export async function endOtherSessionsAction(form: FormData): Promise<void> {
  const outcome = await endOthers(form);
  redirect(`/account?result=${outcome.status === "done" ? "endedOthers" : "failed"}#sessions`);
}
