import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { ClassChangePage } from "@/app/_class-change/class-change-page";
import { classChangeView } from "@/lib/attendance/class-changes/class-change-view";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";

const viewOf = cache(async (classSessionId: string) => {
  const ctx = await pageContext(`/classes/${classSessionId}/change`, ["TEACHER"]);
  return classChangeView(ctx, classSessionId).catch(orNotFound);
});

export async function generateMetadata({ params }: PageInput<"classSessionId">): Promise<Metadata> {
  const { classSession } = await viewOf((await params).classSessionId);
  const t = await getTranslations("calendar.change");
  return { title: { absolute: t("metaTitle", { title: classSession.section.title }) } };
}

/** A class of the teacher, to cancel or move it. */
export default async function TeacherClassChangePage({ params, searchParams }: PageInput<"classSessionId">) {
  const [view, query] = [await viewOf((await params).classSessionId), await searchParams];
  return <ClassChangePage view={view} place="teacher" back={`/classes/${view.classSession.id}`} query={query} />;
}
