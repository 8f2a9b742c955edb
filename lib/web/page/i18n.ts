import { getRequestConfig } from "next-intl/server";
import { localeFrom, messagesOf } from "@/messages/locale";
import type { Messages } from "@/messages/languages";
import { pageLocale } from "./page-locale";

// next-intl wants a default export here. Times are formatted with the school's zone, which callers pass; UTC is only
// what shows that somebody forgot.
export default getRequestConfig(async ({ locale: given }) => {
  const locale = given === undefined ? await pageLocale() : localeFrom(given);
  return { locale, messages: messagesOf(locale), timeZone: "UTC" };
});

declare module "next-intl" {
  // Makes a key that no catalogue has a type error.
  interface AppConfig {
    Messages: Messages;
  }
}
