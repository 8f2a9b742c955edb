import type { SectionListQuery } from "@/lib/catalog/schema";

/** The filters as they stand in the page's address. */
export type SectionAddress = {
  q?: string | undefined;
  subject?: string | undefined;
  termId?: string | undefined;
  day?: SectionListQuery["day"];
  from?: string | undefined;
  to?: string | undefined;
  fitsMySchedule?: "true" | undefined;
  availability?: "all" | undefined;
  cursor?: string | undefined;
};

/** The address of the section page with these filters; what is not filtered is not in it. */
export function sectionsHref(address: SectionAddress): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(address)) if (value !== undefined && value !== "") query.set(key, value);
  const text = query.toString();
  return text === "" ? "/sections" : `/sections?${text}`;
}

/** The page of a section; it knows the list that one came from, so that its way back leads there. */
export function sectionHref(id: string, list: SectionAddress): string {
  const [, query = ""] = sectionsHref(list).split("?");
  return query === "" ? `/sections/${id}` : `/sections/${id}?${new URLSearchParams({ list: query }).toString()}`;
}

/** The filters of a query as the address has them. */
export function addressOf(query: SectionListQuery): SectionAddress {
  return {
    q: query.q,
    subject: query.subject,
    termId: query.termId,
    day: query.day,
    from: query.from,
    to: query.to,
    fitsMySchedule: query.fitsMySchedule === true ? "true" : undefined,
    availability: query.availability === "all" ? "all" : undefined,
    cursor: query.cursor,
  };
}
