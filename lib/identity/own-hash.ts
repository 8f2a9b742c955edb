import type { Db } from "@/lib/platform/db";
import { errorForLog, log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { hashPasswordInCalm } from "./passwords";

/**
 * Replaces a person's password hash by one of their own with today's parameters, in a calm moment after the answer. Only
 * over the hash that was verified: a password set meanwhile stays. When it fails, or the process ends before, the next
 * sign-in asks again.
 */
export function replaceHashInCalm(
  verified: { userId: string; passwordHash: string },
  password: string,
  client: Db,
): void {
  const pending = singleton("ownHashes", () => new Set<string>());
  const { userId, passwordHash } = verified;
  if (pending.has(userId)) return;
  pending.add(userId);
  const replace = async () => {
    const ownHash = await hashPasswordInCalm(password);
    if (ownHash === null) return;
    await client.user.updateMany({
      where: { id: userId, passwordHash },
      data: { passwordHash: ownHash, passwordShared: false },
    });
  };
  void replace()
    .catch((error: unknown) => log().warn({ userId, err: errorForLog(error) }, "a shared password hash stays for now"))
    .finally(() => pending.delete(userId));
}
