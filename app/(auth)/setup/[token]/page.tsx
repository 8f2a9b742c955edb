import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { Button } from "@/components/ui/button";
import { firstStep } from "./found-setup";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("setup"))("pageTitle") };
}

/** The link that `npm start` prints: it leads to the first step that is not done, or says that it is over. */
export default async function SetupPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const step = await firstStep(token);
  if (step) redirect(`/setup/${encodeURIComponent(token)}/${step}`);
  const t = await getTranslations("setup");
  return (
    <>
      <h1 className="text-3xl">{t("ended.title")}</h1>
      <p>{t("ended.body")}</p>
      <p>{t.rich("ended.again", { code: (text) => <code className="text-sm">{text}</code> })}</p>
      {/* A form and not a link: the link component alone would take this page over its budget. */}
      <form action="/login">
        <Button type="submit" variant="primary" size="lg" block>
          {t("ended.action")}
        </Button>
      </form>
    </>
  );
}
