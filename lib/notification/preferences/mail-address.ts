import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { canMail } from "../channels/email/mail-mode";

/** Where the signed-in person's mail goes, and whether its server refused it for good; null: nothing is mailed here. */
export async function mailAddress(
  ctx: Context,
  client: Db = db(),
): Promise<{ address: string; isRefused: boolean } | null> {
  if (!canMail()) return null;
  const [row] = await client.$queryRaw<{ address: string; isRefused: boolean }[]>`
    SELECT u.email AS address, COALESCE(s.refused_address = u.email, false) AS "isRefused"
    FROM app_user u LEFT JOIN notification_setting s ON s.user_id = u.id WHERE u.id = ${ctx.actor.userId}`;
  return row ?? null;
}
