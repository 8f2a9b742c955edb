import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { openApiDocument } from "@/lib/web/route/openapi";
import { openApiOperation } from "@/lib/web/route/operations";
import { route } from "@/lib/web/route/route";
import { allOperations } from "./operations";

export const GET = route(openApiOperation, async () => ({
  status: 200,
  body: openApiDocument(allOperations),
  headers: { "cache-control": "public, max-age=60" },
}));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
