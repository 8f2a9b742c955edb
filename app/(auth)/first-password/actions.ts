"use server";

import { redirect } from "next/navigation";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import { chooseFirstPassword } from "@/lib/identity/credentials/change-password";
import { formArgument } from "@/lib/web/page/form-argument";
import { actionWithPassword } from "@/lib/web/page/password-action";
import { returnPath } from "@/lib/web/page/return-path";

/** Replaces the password that the school gave, and goes on to where the person wanted to be. */
export async function chooseFirstPasswordAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const error = await actionWithPassword(form, (ctx, { password }) => chooseFirstPassword(ctx, { password }));
  if (error) return { errors: [error] };
  redirect(returnPath(formArgument(form).get("from")) ?? "/");
}
