import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { getPreferences, listDevices } from "../queries";
import type { DeviceDto, PreferencesDto } from "../schema";

/** What notification keeps of a person, as they may read it. Instants are ISO 8601 in JSON. */
export type OwnNotificationData = {
  preferences: PreferencesDto;
  devices: DeviceDto[];
  notifications: { kind: string; data: Record<string, string>; createdAt: Date; readAt: Date | null }[];
};

/** What notification keeps of the signed-in person; devices are named in the language `locale`. */
export async function ownNotificationData(
  ctx: Context,
  { locale }: { locale: string },
  client: Db = db(),
): Promise<OwnNotificationData> {
  const { userId, schoolId } = ctx.actor;
  const [preferences, devices, notifications] = await Promise.all([
    getPreferences(ctx, client),
    listDevices(ctx, { locale }, client),
    client.$queryRaw<OwnNotificationData["notifications"]>`
      SELECT n.kind, n.data, n.created_at AS "createdAt", n.read_at AS "readAt" FROM notification n
      WHERE n.user_id = ${userId} AND n.school_id = ${schoolId} AND n.in_app ORDER BY n.created_at DESC, n.id DESC`,
  ]);
  return { preferences, devices, notifications };
}
