import { idSchema, instantSchema } from "@/lib/shared/schema";

/** What of the inbox a page shows; its address says all of it. */
export type Where = { onlyUnread: boolean; studentId: string | null; cursor: string | null };

type Search = Record<string, string | string[] | undefined>;

/** The place an address means; what it does not understand it leaves out. */
export function whereOf(search: Search): Where {
  const { cursor } = search;
  return {
    onlyUnread: search["show"] === "unread",
    studentId: idSchema.safeParse(search["student"]).data ?? null,
    cursor: typeof cursor === "string" ? cursor : null,
  };
}

/** When everything was marked as read, if the page comes from there. */
export function markedAtOf(search: Search): string | null {
  return instantSchema.safeParse(search["marked"]).data ?? null;
}

/** The address of a place. */
export function addressOf({ onlyUnread, studentId, cursor }: Where): string {
  const query = new URLSearchParams();
  if (onlyUnread) query.set("show", "unread");
  if (studentId !== null) query.set("student", studentId);
  if (cursor !== null) query.set("cursor", cursor);
  return query.size > 0 ? `/inbox?${query.toString()}` : "/inbox";
}
