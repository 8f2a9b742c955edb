import { notFound, redirect } from "next/navigation";
import { homeForRoles } from "@/components/patterns/shell-nav";
import { pageContext } from "@/lib/web/page-guard";

/** The start: the first page of the person's roles. */
export default async function StartPage() {
  const { actor } = await pageContext("/");
  const home = homeForRoles(actor.roles);
  if (home === "/") notFound(); // no role, no place
  redirect(home);
}
