"use server";

import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { completeSecondStep } from "@/lib/identity/factors/second-step";
import { MAX_CODE_LENGTH } from "@/lib/identity/schema";
import { formArgument } from "@/lib/web/page/form-argument";
import { returnPath } from "@/lib/web/page/return-path";
import { webCall } from "@/lib/web/page/web-call";
import { appErrorOf } from "@/lib/web/route/problem";
import { isCrossOrigin } from "@/lib/web/server/origin";
import { forgetSecondStep, keptSecondStep } from "@/lib/web/session/second-step-cookie";
import { setSessionCookies } from "@/lib/web/session/session";

export type SecondStepState = { errors: { fieldId?: "code" | "recovery"; message: string }[] };

/** Signs in with the code, and goes to where the person came from, or tells what to mend. Works without script. */
export async function secondStepAction(_before: SecondStepState, form: FormData): Promise<SecondStepState> {
  const t = await getTranslations("auth.secondStep");
  const fields = formArgument(form);
  const text = (name: string) => String(fields.get(name) ?? "").trim();
  const fieldId = text("recovery") === "" ? "code" : "recovery";
  const code = text(fieldId).slice(0, MAX_CODE_LENGTH);
  if (code === "") return { errors: [{ fieldId, message: t("codeMissing") }] };
  const [token, incoming] = [await keptSecondStep(), await headers()];
  if (token === null || isCrossOrigin(incoming)) redirect("/login?expired=1");
  let isInitial: boolean;
  try {
    const { tokens, hasInitialPassword } = await completeSecondStep(webCall(incoming), { token, code });
    await setSessionCookies(tokens);
    isInitial = hasInitialPassword;
  } catch (thrown) {
    const error = appErrorOf(thrown);
    if (error.code === "internal") throw thrown;
    if (error.code === "not_found") redirect("/login?expired=1");
    if (error.code === "invalid_credentials") return { errors: [{ fieldId, message: t("wrong") }] };
    return { errors: [{ message: t(error.code === "too_many_attempts" ? "tooMany" : "unavailable") }] };
  }
  await forgetSecondStep();
  const from = returnPath(fields.get("from")) ?? "/";
  redirect(isInitial && from === "/" ? "/first-password" : from);
}
