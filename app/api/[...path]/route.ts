import { AppError } from "@/lib/shared/errors";
import { problemResponse } from "@/lib/web/route/problem";
import { requestIdOf } from "@/lib/web/server/request-id";
import { say } from "@/lib/shared/say";
import { requestedLocale } from "@/messages/locale";

/** Every address under /api that no route has: 404 as problem+json, whatever the method. */
function noSuchPath(request: Request): Response {
  const error = new AppError("not_found", { detail: say("detail.listOfPaths") });
  return problemResponse(error, requestIdOf(request.headers), requestedLocale(request.headers.get("accept-language")));
}

export {
  noSuchPath as DELETE,
  noSuchPath as GET,
  noSuchPath as OPTIONS,
  noSuchPath as PATCH,
  noSuchPath as POST,
  noSuchPath as PUT,
};
