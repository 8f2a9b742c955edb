"use server";

import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { proveAgain } from "@/lib/identity/factors/recent-proof";
import { MAX_CODE_LENGTH, MAX_PASSWORD_LENGTH } from "@/lib/identity/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import { returnPath } from "@/lib/web/page/return-path";

export type ProveState = { errors: { fieldId?: "password" | "code"; message: string }[] };

const prove = action(
  {
    name: "proveAgain",
    roles: "signedIn",
    whileOverdue: true,
    // Twice the length: characters outside the basic plane count two here, and one as passwords are counted.
    input: z.object({
      password: z
        .string()
        .max(2 * MAX_PASSWORD_LENGTH)
        .default(""),
      code: z.string().trim().max(MAX_CODE_LENGTH).default(""),
    }),
  },
  proveAgain,
);

/** Shows again who one is, and goes back to where that was asked for; or tells what to mend. */
export async function proveAction(_before: ProveState, form: FormData): Promise<ProveState> {
  const [t, fields] = [await getTranslations("factors.prove"), formArgument(form)];
  const text = (name: string) => String(fields.get(name) ?? "");
  const fieldId = text("code").trim() === "" ? "password" : "code";
  if (text(fieldId) === "") return { errors: [{ fieldId, message: t("missing") }] };
  const outcome = await prove(form);
  if (outcome.status === "done") redirect(returnPath(fields.get("from")) ?? "/account");
  const code = outcome.status === "failed" ? outcome.code : null;
  if (code === "session_revoked" || code === "unauthenticated") redirect("/login");
  if (code === "invalid_credentials" || code === "invalid_request")
    return { errors: [{ fieldId, message: t(fieldId === "code" ? "codeWrong" : "passwordWrong") }] };
  return { errors: [{ message: t(code === "too_many_attempts" ? "tooMany" : "unavailable") }] };
}
