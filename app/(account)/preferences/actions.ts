"use server";

import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { SaveOutcome } from "@/components/notification/auto-save-form";
import { reachOf } from "@/lib/notification/channels/registry";
import { listDevices } from "@/lib/notification/queries";
import { removeSubscription } from "@/lib/notification/devices/remove-subscription";
import { mailAddress } from "@/lib/notification/preferences/mail-address";
import { savePreferences } from "@/lib/notification/preferences/save-preferences";
import { preferencesInputSchema } from "@/lib/notification/schema";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { inputOf, preferencesForm } from "./form-schema";

const save = action(
  {
    name: "savePreferences",
    roles: "signedIn",
    input: preferencesForm.transform(inputOf).pipe(preferencesInputSchema),
  },
  async (ctx, input) => ({
    isAboutAbsences: input.categories?.absence !== undefined,
    preferences: await savePreferences(ctx, input),
    hasDevice: (await listDevices(ctx, { locale: await getLocale() })).length > 0,
    isMailRefused: (await mailAddress(ctx))?.isRefused === true,
  }),
);
const remove = action(
  { name: "removeDevice", roles: "signedIn", input: z.object({ id: idSchema, name: z.string().max(80) }) },
  async (ctx, { id }) => removeSubscription(ctx, { id }),
);

/** Saves a changed form and says how it went; the page stays as it is. */
export async function savePreferencesAction(form: FormData): Promise<SaveOutcome> {
  const result = await save(form);
  if (result.status === "done") {
    const { isAboutAbsences, preferences, hasDevice, isMailRefused } = result.data;
    const { absence } = preferences.categories;
    const isSilent = isAboutAbsences && reachOf((channel) => absence[channel], { hasDevice, isMailRefused }) === null;
    const t = await getTranslations("notifications.preferences");
    return { status: "saved", warning: isSilent ? t("absenceOff") : null };
  }
  if (result.status === "failed" && result.code === "invalid_request") {
    const t = await getTranslations("notifications.preferences");
    return { status: "invalid", message: t("quietInvalid") };
  }
  return { status: "failed" };
}

/** The same without script: saves and shows the page again. */
export async function submitPreferencesAction(form: FormData): Promise<void> {
  const { status } = await savePreferencesAction(form);
  redirect(`/preferences?${new URLSearchParams({ result: status }).toString()}`);
}

/** Takes a browser off the list. */
export async function removeDeviceAction(form: FormData): Promise<void> {
  const result = await remove(form);
  redirect(result.status === "done" ? "/preferences?result=removed#devices" : "/preferences?result=failed#devices");
}
