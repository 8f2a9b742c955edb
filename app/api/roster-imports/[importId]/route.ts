import type { ReadableStream } from "node:stream/web";
import { ownImport } from "@/lib/roster/office/own-imports";
import { previewUpload } from "@/lib/roster/office/preview-upload";
import { rosterImportOperation, uploadRosterOperation } from "@/lib/roster/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(rosterImportOperation, async ({ ctx, params }) => {
  const { id, status, phase, done, total, dryRun } = await ownImport(ctx, { id: params.importId });
  return { status: 200, body: { id, status, phase, done, total, dryRun } };
});

export const PUT = route(uploadRosterOperation, async ({ ctx, params, query, request }) => {
  // The types of the browser and of Node say the same of one object.
  const bytes = request.body as ReadableStream<Uint8Array> | null;
  const { id } = await previewUpload(ctx, { id: params.importId, name: query.name ?? "", bytes });
  return { status: 201, body: { id } };
});

export const { POST, DELETE, PATCH, OPTIONS } = notAllowed("GET", "PUT");
