import { getMe } from "@/lib/identity/people/get-me";
import type { Actor } from "@/lib/shared/context";
import { acceptedLocale, hasSeveralLanguages, localeFrom } from "@/messages/locale";

/**
 * The language of an answer to a program: the person's own, else what the request accepts, else the school's. With one
 * language it asks nobody. Never fails: what keeps it from asking keeps it at what the request accepts.
 */
export async function requestLocale(headers: Headers, actor: Actor | null): Promise<string> {
  if (!hasSeveralLanguages()) return localeFrom();
  const accepted = acceptedLocale(headers.get("accept-language"));
  const me = actor && (await getMe({ actor }).catch(() => null));
  return localeFrom(me?.locale ?? accepted ?? me?.school.locale);
}
