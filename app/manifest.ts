import type { MetadataRoute } from "next";
import { getTranslations } from "next-intl/server";
import { chromeColor } from "@/components/patterns/shell/theme";

/**
 * The web app manifest: CampusOS on a home screen opens at the first page of whoever is signed in. One manifest serves every
 * role, so a shortcut says what is wanted and the start page knows where this person has it.
 */
export default async function manifest(): Promise<MetadataRoute.Manifest> {
  const t = await getTranslations("ui");
  return {
    id: "/",
    name: t("appName"),
    short_name: t("appName"),
    description: t("appDescription"),
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: chromeColor.light,
    theme_color: chromeColor.light,
    icons: [
      { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
      { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
      { src: "/icons/maskable-192.png", sizes: "192x192", type: "image/png", purpose: "maskable" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    // A browser that gets them shows what will be installed before it asks.
    screenshots: [
      {
        src: "/screenshots/home-narrow.png",
        sizes: "720x1280",
        type: "image/png",
        form_factor: "narrow",
        label: t("screenshot.home"),
      },
      {
        src: "/screenshots/home-wide.png",
        sizes: "1280x800",
        type: "image/png",
        form_factor: "wide",
        label: t("screenshot.home"),
      },
    ],
    shortcuts: [
      { name: t("nav.today"), url: "/?to=today" },
      { name: t("nav.inbox"), url: "/?to=inbox" },
    ],
  };
}
