import { ownAttendanceData } from "@/lib/attendance/history/own-attendance-data";
import { ownEnrollmentData } from "@/lib/enrollment/members/own-enrollment-data";
import { ownIdentityData } from "@/lib/identity/account/own-data";
import { ownDataOperation } from "@/lib/identity/operations";
import { getMe } from "@/lib/identity/people/get-me";
import { ownNotificationData } from "@/lib/notification/inbox/own-notification-data";
import { localDateOf } from "@/lib/shared/time";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(ownDataOperation, async ({ ctx }) => {
  const { locale, school } = await getMe(ctx);
  const [identity, enrollments, attendance, alerts] = await Promise.all([
    ownIdentityData(ctx),
    ownEnrollmentData(ctx),
    ownAttendanceData(ctx),
    ownNotificationData(ctx, { locale: locale ?? school.locale }),
  ]);
  const name = `campusos-my-data-${localDateOf(ctx.now, school.timeZone)}.json`;
  return {
    status: 200,
    body: { madeAt: ctx.now.toISOString(), ...identity, enrollments, attendance, ...alerts },
    headers: { "content-disposition": `attachment; filename="${name}"` },
  };
});

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
