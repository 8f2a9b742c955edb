import { notFound, redirect } from "next/navigation";
import { getOwnNotification } from "@/lib/notification/inbox/inbox";
import { markRead } from "@/lib/notification/inbox/mark-read";
import { AppError } from "@/lib/shared/errors";
import { idSchema } from "@/lib/shared/schema";
import type { Context } from "@/lib/shared/context";
import { pageContext } from "@/lib/web/page/page-guard";

/** Where a push leads: sign-in when needed, then the page that the notification is about. Opening it counts as reading. */
export default async function NotificationLink({ params }: { params: Promise<{ notificationId: string }> }) {
  const { notificationId: id } = await params;
  if (!idSchema.safeParse(id).success) notFound();
  const ctx = await pageContext(`/n/${id}`);
  redirect(await targetOf(ctx, id));
}

/** Where a changed class or a day off is seen: in the week of the student, at the child's page, in the teacher's day. */
function placeOf(ctx: Context, about: { studentId: string | null; own: boolean }): string {
  if (about.studentId !== null) return about.own ? "/timetable" : `/family/${about.studentId}`;
  const { roles } = ctx.actor;
  return roles.includes("TEACHER") ? "/today" : roles.includes("STUDENT") ? "/timetable" : "/family";
}

async function targetOf(ctx: Context, id: string): Promise<string> {
  try {
    const { category, studentId, own } = await getOwnNotification(ctx, { id });
    if (category === null) return "/preferences";
    await markRead(ctx, { id }).catch((error: unknown) => {
      // Kept out of the inbox by a preference: there is nothing to mark.
      if (!(error instanceof AppError)) throw error;
    });
    if (category === "enrollment") return "/timetable";
    if (category === "classChange") return placeOf(ctx, { studentId, own });
    return own ? "/attendance" : `/family/${studentId ?? ""}`;
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
}
