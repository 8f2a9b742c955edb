import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SchoolMark } from "@/components/patterns/shell/school-mark";
import { buttonClass } from "@/components/ui/button-class";

// A plain link: this page is part of every page's first load, and the client-side link would add 3 KB to it.
const HOME = "/";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("ui.notFound");
  return { title: t("title") };
}

export default async function NotFound() {
  const t = await getTranslations("ui.notFound");
  return (
    <main id="main" tabIndex={-1} className="grid min-h-dvh place-content-center p-4">
      <div className="grid max-w-form justify-items-start gap-2">
        <SchoolMark className="mb-4 size-11" />
        <h1 className="text-2xl lg:text-3xl">{t("title")}</h1>
        <p className="text-muted">{t("body")}</p>
        <p className="text-muted">{t("mend")}</p>
        <a href={HOME} className={`${buttonClass({ variant: "primary" })} mt-4`}>
          {t("action")}
        </a>
      </div>
    </main>
  );
}
