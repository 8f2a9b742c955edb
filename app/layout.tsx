import type { Metadata, Viewport } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { chromeColor, readTheme } from "@/components/patterns/shell/theme";
import { ToastEcho } from "@/components/ui/toast";
import { directionOf } from "@/messages/direction";
import { latin, latinExtended } from "./fonts";
import "./globals.css";

/** Title template "what – where – CampusOS": a page gives "what – where", the rest is added here. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("ui");
  return {
    title: { template: `%s – ${t("appName")}`, default: t("appName") },
    description: t("appDescription"),
    applicationName: t("appName"),
    appleWebApp: { capable: true, title: t("appName"), statusBarStyle: "default" },
    formatDetection: { telephone: false, date: false, address: false, email: false },
    robots: { index: false, follow: false },
  };
}

/** The browser's own chrome takes the page's colour, of the chosen theme or of both. */
export async function generateViewport(): Promise<Viewport> {
  const theme = await readTheme();
  return {
    width: "device-width",
    initialScale: 1,
    viewportFit: "cover",
    colorScheme: theme === "system" ? "light dark" : theme,
    themeColor:
      theme === "system"
        ? [
            { media: "(prefers-color-scheme: light)", color: chromeColor.light },
            { media: "(prefers-color-scheme: dark)", color: chromeColor.dark },
          ]
        : chromeColor[theme],
  };
}

/** Document frame: language, direction, theme, fonts, and the one place where short confirmations are echoed. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme, t] = await Promise.all([getLocale(), readTheme(), getTranslations("ui")]);
  return (
    <html
      lang={locale}
      dir={directionOf(locale)}
      data-theme={theme === "system" ? undefined : theme}
      className={`${latin.variable} ${latinExtended.variable} font-sans`}
    >
      <body>
        <a
          href="#main"
          className="sr-only z-50 rounded-md bg-primary font-medium text-on-primary focus:not-sr-only focus:fixed focus:start-4 focus:top-4 focus:px-4! focus:py-3!"
        >
          {t("skipToContent")}
        </a>
        {children}
        <ToastEcho />
      </body>
    </html>
  );
}
