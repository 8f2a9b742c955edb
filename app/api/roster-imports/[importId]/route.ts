import { ownImport } from "@/lib/roster/office/own-imports";
import { rosterImportOperation } from "@/lib/roster/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(rosterImportOperation, async ({ ctx, params }) => {
  const { id, status, phase, done, total, dryRun } = await ownImport(ctx, { id: params.importId });
  return { status: 200, body: { id, status, phase, done, total, dryRun } };
});

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
