import { _createCache } from "next-intl";
import { getRequestConfig } from "next-intl/server";
import { localeFrom, messagesOf } from "@/messages/locale";
import type { Messages } from "@/messages/languages";
import { pageLocale } from "./page-locale";

/** Messages that were read once stay read: else each request, and each namespace in it, reads its sentences anew. */
const kept = { _cache: _createCache() };

// next-intl wants a default export here. Times are formatted with the school's zone, which callers pass; UTC is only
// what shows that somebody forgot.
export default getRequestConfig(async ({ locale: given }) => {
  const locale = given === undefined ? await pageLocale() : localeFrom(given);
  return { locale, messages: messagesOf(locale), timeZone: "UTC", ...kept };
});

declare module "next-intl" {
  // Makes a key that no catalogue has a type error.
  interface AppConfig {
    Messages: Messages;
  }
}
