import type { Tx } from "@/lib/platform/db";

/** Who of these people has no invitation that still works; so that importing again does not end links already sent. */
export async function withoutLiveInvitation(
  tx: Tx,
  userIds: readonly string[],
  now: Date,
): Promise<{ id: string; sourcedId: string | null; email: string }[]> {
  return tx.user.findMany({
    where: {
      id: { in: [...userIds] },
      invitations: { none: { usedAt: null, expiresAt: { gt: now } } },
    },
    select: { id: true, sourcedId: true, email: true },
    orderBy: { email: "asc" },
  });
}
