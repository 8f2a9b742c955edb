import { sectionListQuery, type SectionListQuery } from "@/lib/catalog/schema";
import { AppError } from "@/lib/shared/errors";

type Params = Record<string, string | string[] | undefined>;

/** The filters of an address. What does not make sense is left out: a page answers, it does not argue with an address. */
export function readSectionQuery(params: Params): SectionListQuery {
  const query: Record<string, string> = {};
  for (const [key, schema] of Object.entries(sectionListQuery.shape)) {
    const given = params[key];
    const value = Array.isArray(given) ? given.at(-1) : given; // a ticked box comes after its hidden field
    if (value !== undefined && key !== "limit" && schema.safeParse(value).success) query[key] = value;
  }
  return sectionListQuery.parse(query);
}

/** True when a list refused where the address says that it goes on. */
export function isInvalidCursor(error: unknown): boolean {
  return error instanceof AppError && error.code === "invalid_request";
}
