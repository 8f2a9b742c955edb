"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import type { ReadableStream } from "node:stream/web";
import { importPreview } from "@/lib/roster/office/import-preview";
import { cancelOwnImport } from "@/lib/roster/office/own-imports";
import { previewUpload } from "@/lib/roster/office/preview-upload";
import { newId } from "@/lib/shared/ids";
import { idSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

const setupField = z.literal("1").optional();
const ofImport = z.object({ id: idSchema, setup: setupField });

/** Where an import is shown; the set-up of a school goes along. */
const pageOf = (id: string, more: Record<string, string | undefined>) => {
  const given = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = new URLSearchParams(given).toString();
  return `/admin/import/${id}${query && `?${query}`}`;
};

/** Sends a small file without script. With script the page sends it by itself, whatever its size. */
export async function uploadAction(form: FormData): Promise<void> {
  const file = formArgument(form).get("file");
  const upload = action(
    { name: "uploadRoster", roles: ["ADMIN"], input: z.object({ setup: setupField }) },
    async (ctx) => {
      if (!(file instanceof File)) return null;
      return previewUpload(ctx, {
        id: newId(ctx.now.getTime()),
        name: file.name,
        bytes: file.stream() as ReadableStream<Uint8Array>,
      });
    },
  );
  const outcome = await upload(form);
  const setup = formArgument(form).get("setup") === "1" ? "1" : undefined;
  if (outcome.status === "done" && outcome.data) redirect(pageOf(outcome.data.id, { setup }));
  redirect(`/admin/import?${new URLSearchParams({ problem: "file", ...(setup ? { setup } : {}) }).toString()}`);
}

const startImport = action(
  {
    name: "importRoster",
    roles: ["ADMIN"],
    input: ofImport.extend({
      ends: z
        .string()
        .transform((text) => Number(text.replaceAll(/\D/g, "")))
        .optional(),
    }),
  },
  importPreview,
);

/** Imports what the preview has shown. */
export async function importAction(form: FormData): Promise<void> {
  const outcome = await startImport(form);
  const fields = formArgument(form);
  const setup = fields.get("setup") === "1" ? "1" : undefined;
  if (outcome.status === "done") redirect(pageOf(outcome.data.id, { setup }));
  const problem = outcome.status === "failed" && outcome.code === "invalid_request" ? "ends" : "gone";
  redirect(pageOf(idSchema.catch("unknown").parse(fields.get("id")), { setup, problem }));
}

const endImport = action({ name: "cancelRosterImport", roles: ["ADMIN"], input: ofImport }, cancelOwnImport);

/** Ends an import that runs, or throws a preview away. */
export async function cancelAction(form: FormData): Promise<void> {
  await endImport(form);
  const fields = formArgument(form);
  const setup = fields.get("setup") === "1" ? "1" : undefined;
  redirect(pageOf(idSchema.catch("unknown").parse(fields.get("id")), { setup }));
}
