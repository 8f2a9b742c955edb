import { headers } from "next/headers";
import { cache } from "react";
import { onlySchool } from "@/lib/identity/people/people";
import { acceptedLocale, hasSeveralLanguages, localeFrom } from "@/messages/locale";
import { currentMe } from "./page-guard";

/** The school of whoever is not signed in, when this installation has exactly one. Asked once for a page. */
export const visitorsSchool = cache(() => onlySchool());

/**
 * The language of this page: the signed-in person's, else their school's; before signing in the only school's, else what
 * the browser accepts. It adds no statement: person and school are read for the frame anyway. A database that is away
 * is no reason to have no language.
 */
export async function pageLocale(): Promise<string> {
  if (!hasSeveralLanguages()) return localeFrom();
  const accepted = acceptedLocale((await headers()).get("accept-language"));
  try {
    const me = await currentMe();
    return localeFrom(me ? (me.locale ?? me.school.locale) : ((await visitorsSchool())?.locale ?? accepted));
  } catch {
    return localeFrom(accepted);
  }
}
