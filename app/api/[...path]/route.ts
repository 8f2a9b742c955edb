import { AppError } from "@/lib/shared/errors";
import { problemResponse } from "@/lib/web/route/problem";
import { requestIdOf } from "@/lib/web/server/request-id";

/** Every address under /api that no route has: 404 as problem+json, whatever the method. */
function noSuchPath(request: Request): Response {
  const error = new AppError("not_found", { detail: "GET /api/openapi.json lists what there is." });
  return problemResponse(error, requestIdOf(request.headers));
}

export {
  noSuchPath as DELETE,
  noSuchPath as GET,
  noSuchPath as OPTIONS,
  noSuchPath as PATCH,
  noSuchPath as POST,
  noSuchPath as PUT,
};
