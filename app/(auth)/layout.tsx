import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SchoolMark } from "@/components/patterns/school-mark";
import { onlySchoolName } from "@/lib/identity/people";

/** Pages before signing in: one narrow column, the school's name first, so that people see where they are. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  const [t, schoolName] = await Promise.all([getTranslations("ui"), onlySchoolName()]);
  return (
    <main id="main" tabIndex={-1} className="mx-auto grid w-full max-w-[26rem] gap-6 px-4 pt-10 pb-16 sm:pt-16">
      <p className="flex min-h-11 items-center gap-3">
        <SchoolMark className="size-10" />
        <span className="grid leading-tight">
          <span className="text-lg font-semibold text-balance">{schoolName ?? t("appName")}</span>
          {schoolName === null ? null : <span className="text-sm text-muted">{t("appName")}</span>}
        </span>
      </p>
      {children}
    </main>
  );
}
