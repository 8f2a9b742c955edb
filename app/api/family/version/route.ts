import { familyVersion } from "@/lib/attendance/history/family-version";
import { familyVersionOperation } from "@/lib/attendance/operations";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(familyVersionOperation, async ({ ctx }) => ({ status: 200, body: await familyVersion(ctx) }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
