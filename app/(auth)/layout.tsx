import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { keepInstallPrompt } from "@/components/notification/push/install-script";
import { SchoolMark } from "@/components/patterns/shell/school-mark";
import { visitorsSchool } from "@/lib/web/page/page-locale";

/**
 * Shows the element `offline` of a page while there is no connection, and keeps a form back then: sending it would put an
 * error page in the place of what was typed.
 */
const sayOffline = `(function(){
function note(){return document.getElementById("offline")}
function look(){var n=note();if(n)n.hidden=navigator.onLine}
addEventListener("online",look);addEventListener("offline",look);look();
addEventListener("submit",function(e){if(navigator.onLine||!note())return;e.preventDefault();e.stopImmediatePropagation();look();note().focus()},true)
})()`;

/** Whoever sees these pages is not signed in: what the device keeps for a person goes (components/attendance/offline). */
const forgetKept = `try{if(localStorage.getItem("campus:kept-for")!==null){localStorage.removeItem("campus:kept-for");indexedDB.deleteDatabase("campus-day")}}catch(e){}`;

/** Pages before signing in: one narrow column, the school's name first, so that people see where they are. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  const [t, school, incoming] = await Promise.all([getTranslations("ui"), visitorsSchool(), headers()]);
  const nonce = /'nonce-([^']+)'/.exec(incoming.get("content-security-policy") ?? "")?.[1];
  return (
    <main id="main" tabIndex={-1} className="mx-auto grid w-full max-w-[26rem] gap-6 px-4 pt-10 pb-16 sm:pt-16">
      <p className="flex min-h-11 items-center gap-3">
        <SchoolMark className="size-10" />
        <span className="grid leading-tight">
          <span className="text-lg font-semibold text-balance">{school?.name ?? t("appName")}</span>
          {school === null ? null : <span className="text-sm text-muted">{t("appName")}</span>}
        </span>
      </p>
      {children}
      {/* Written into the page: these pages have no room for one more module. */}
      <script
        nonce={nonce}
        suppressHydrationWarning
        dangerouslySetInnerHTML={{ __html: `${keepInstallPrompt};${sayOffline};${forgetKept}` }}
      />
    </main>
  );
}
