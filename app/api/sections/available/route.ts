import { listSections } from "@/lib/enrollment/list-sections";
import { availableSectionsOperation } from "@/lib/enrollment/operations";
import { notAllowed } from "@/lib/web/method-not-allowed";
import { route } from "@/lib/web/route";

export const GET = route(availableSectionsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await listSections(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
