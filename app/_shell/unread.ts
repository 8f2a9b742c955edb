import { cache } from "react";
import { shellUnread } from "@/lib/notification/queries";
import { currentContext } from "@/lib/web/page/page-guard";

/** How much of the signed-in person's inbox is unread; asked once a request, however many parts of the page show it. */
export const unreadOfRequest = cache(async (): Promise<number> => {
  const ctx = await currentContext();
  return ctx ? shellUnread(ctx) : 0;
});
