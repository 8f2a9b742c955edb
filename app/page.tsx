import { notFound, redirect } from "next/navigation";
import { shortcutForRoles } from "@/components/patterns/shell/shell-nav";
import { pageContext } from "@/lib/web/page/page-guard";

/** The start: the first page of the person's roles, or where a shortcut of the installed app leads them (`?to=`). */
export default async function StartPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { to } = await searchParams;
  const { actor } = await pageContext(to === "today" || to === "inbox" ? `/?to=${to}` : "/");
  const place = shortcutForRoles(to, actor.roles);
  if (place === "/") notFound(); // no role, no place
  redirect(place);
}
