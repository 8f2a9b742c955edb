"use server";

import { redirect } from "next/navigation";
import type { NewPasswordState } from "@/components/identity/new-password-form";
import { chooseFirstPassword } from "@/lib/identity/credentials/change-password";
import { actionWithPassword } from "@/lib/web/page/password-action";

/** Replaces the password that the school gave, and goes on to the person's first page. */
export async function chooseFirstPasswordAction(_before: NewPasswordState, form: FormData): Promise<NewPasswordState> {
  const error = await actionWithPassword(form, (ctx, { password }) => chooseFirstPassword(ctx, { password }));
  if (error) return { errors: [error] };
  redirect("/");
}
