import { getRequestConfig } from "next-intl/server";
import { messages } from "@/messages/en/index";

/** Language of every page. One for now; the catalogues and the markup do not assume that it stays one. */
const locale = "en";

// next-intl wants a default export here. Times are formatted with the school's zone, which callers pass; UTC is only
// what shows that somebody forgot.
export default getRequestConfig(() => ({ locale, messages, timeZone: "UTC" }));

declare module "next-intl" {
  // Makes a key that no catalogue has a type error.
  interface AppConfig {
    Locale: typeof locale;
    Messages: typeof messages;
  }
}
