import { listSections } from "@/lib/timetable/list-sections";
import { availableSectionsOperation } from "@/lib/timetable/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(availableSectionsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await listSections(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
