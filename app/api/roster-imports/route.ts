import type { ReadableStream } from "node:stream/web";
import { previewUpload } from "@/lib/roster/office/preview-upload";
import { uploadRosterOperation } from "@/lib/roster/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(uploadRosterOperation, async ({ ctx, query, request }) => {
  // The types of the browser and of Node say the same of one object.
  const bytes = request.body as ReadableStream<Uint8Array> | null;
  const { id } = await previewUpload(ctx, { name: query.name ?? "", bytes });
  return { status: 201, body: { id }, headers: { location: `/api/roster-imports/${id}` } };
});

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
