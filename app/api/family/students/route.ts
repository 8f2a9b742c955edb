import { familyStudents } from "@/lib/attendance/history/history-queries";
import { familyStudentsOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(familyStudentsOperation, async ({ ctx, query }) => ({
  status: 200,
  body: await familyStudents(ctx, query),
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
