import { AppError } from "@/lib/shared/errors";
import { decodeCursor, encodeCursor } from "@/lib/shared/schema";
import { say } from "./say";

type PageRequest = { limit: number; cursor?: string | undefined };

/** One page of a short list that is read whole (a day, a family). The cursor is the id of the last item. */
export function pageOfList<T extends { id: string }>(items: readonly T[], { limit, cursor }: PageRequest) {
  const after = cursor === undefined ? -1 : items.findIndex(({ id }) => id === decodeCursor(cursor, 1)?.[0]);
  if (cursor !== undefined && after < 0) throw unknownCursor();
  const page = items.slice(after + 1, after + 1 + limit);
  const last = page.at(-1);
  return { items: page, nextCursor: last && after + 1 + limit < items.length ? encodeCursor([last.id]) : null };
}

/** The answer to a cursor that is not one of this list. */
export function unknownCursor(): AppError {
  return new AppError("invalid_request", {
    detail: say("detail.restart"),
    errors: [{ path: "query.cursor", code: "unknown_cursor", message: say("field.nextCursor") }],
  });
}
