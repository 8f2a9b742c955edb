import type { Db, Tx } from "@/lib/platform/db/client";
import { STORED_CATEGORY } from "../../kinds/categories";
import type { Category } from "../../schema";

/** Notes that the mail server of a person's address refused it for good: nothing is mailed there. */
export async function rememberRefusedAddress(client: Db, person: { userId: string; address: string }): Promise<void> {
  await client.$executeRaw`
    INSERT INTO notification_setting (user_id, refused_address) VALUES (${person.userId}, ${person.address})
    ON CONFLICT (user_id) DO UPDATE SET refused_address = EXCLUDED.refused_address`;
}

/** Who turns mail on again has read that the address was refused. A form that only repeats the choice asks for nothing. */
export async function forgetRefusedAddress(tx: Tx, userId: string, categories: readonly Category[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE notification_setting SET refused_address = NULL
    WHERE user_id = ${userId} AND refused_address IS NOT NULL AND EXISTS (
      SELECT 1 FROM unnest(${categories.map((category) => STORED_CATEGORY[category])}::text[]) AS c(category)
      WHERE NOT EXISTS (
        SELECT 1 FROM notification_preference p
        WHERE p.user_id = ${userId} AND p.channel = 'email' AND p.category::text = c.category AND p.enabled))`;
}
