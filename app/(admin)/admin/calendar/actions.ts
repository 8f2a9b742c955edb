"use server";

import { getLocale, getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { FieldsState } from "@/components/patterns/forms/fields-form";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { addDayOff } from "@/lib/catalog/calendar/add-day-off";
import { importHolidays, previewHolidays } from "@/lib/catalog/calendar/holidays/import-holidays";
import { removeDayOff } from "@/lib/catalog/calendar/remove-day-off";
import { dayOffInput, dayOffParams, holidaysInput } from "@/lib/catalog/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";
import { MAX_ICAL_BYTES, type ImportState, previewStateOf } from "./preview-state";

const add = action({ name: "addDayOff", roles: ["ADMIN"], input: dayOffInput }, (ctx, input) =>
  addDayOff(ctx, input, classMarks),
);
const remove = action({ name: "removeDayOff", roles: ["ADMIN"], input: dayOffParams }, removeDayOff);
const preview = action(
  { name: "previewHolidays", roles: ["ADMIN"], input: z.object({ text: z.string() }) },
  (ctx, { text }) => previewHolidays(ctx, text),
);
const write = action(
  { name: "importHolidays", roles: ["ADMIN"], input: z.object({ holidays: holidaysInput }) },
  (ctx, { holidays }) => importHolidays(ctx, holidays, classMarks),
);

const page = (answer: Record<string, string | number>) =>
  `/admin/calendar?${new URLSearchParams(Object.entries(answer).map(([name, value]) => [name, String(value)])).toString()}`;

/** Adds days off and shows the calendar with what it did; what was typed survives a mistake. */
export async function addDayOffAction(_before: FieldsState, form: FormData): Promise<FieldsState> {
  const outcome = await add(form);
  if (outcome.status === "done") {
    const { id, classes } = outcome.data;
    redirect(page({ added: id, cancelled: classes.cancelled, kept: classes.kept }));
  }
  const t = await getTranslations("calendar.office.problem");
  const given = formArgument(form);
  const values = Object.fromEntries(["from", "to", "title"].map((name) => [name, String(given.get(name) ?? "")]));
  const fields = outcome.status === "failed" ? outcome.errors.map(({ path }) => path) : [];
  const errors = (["from", "to", "title"] as const)
    .filter((field) => fields.includes(field))
    .map((field) => ({ field, message: t(field) }));
  const code = outcome.status === "failed" ? outcome.code : "internal";
  const other = { message: t(code === "day_off_exists" ? "exists" : "failed") };
  return { values, errors: errors.length > 0 ? errors : [other], warning: null };
}

/** Removes a day off and shows the calendar with what it did. */
export async function removeDayOffAction(form: FormData): Promise<void> {
  const outcome = await remove(form);
  if (outcome.status === "done") redirect(page({ removed: outcome.data.classes.restored }));
  redirect(page({ problem: outcome.status === "failed" && outcome.code === "not_found" ? "gone" : "failed" }));
}

/** Reads a calendar file and says what importing it would change. Writes nothing. */
export async function previewHolidaysAction(_before: ImportState, form: FormData): Promise<ImportState> {
  const [t, locale] = await Promise.all([getTranslations("calendar.import"), getLocale()]);
  const file = formArgument(form).get("file");
  if (!(file instanceof File) || file.size === 0) return { status: "refused", message: t("noFile") };
  if (file.size > MAX_ICAL_BYTES) return { status: "refused", message: t("tooLarge") };
  const text = utf8(await file.arrayBuffer());
  if (text === null) return { status: "refused", message: t("notText") };
  const fields = new FormData();
  fields.set("text", text);
  const outcome = await preview(fields);
  return outcome.status === "done"
    ? previewStateOf(outcome.data, t, locale)
    : { status: "refused", message: t("failed") };
}

/** Writes the holidays of a preview and shows the calendar with what it did. */
export async function importHolidaysAction(form: FormData): Promise<void> {
  const outcome = await write(form);
  if (outcome.status !== "done") redirect(page({ problem: "failed" }));
  const { added, changed, classes } = outcome.data;
  redirect(page({ imported: added, changed, cancelled: classes.cancelled, kept: classes.kept }));
}

function utf8(bytes: ArrayBuffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
