import type { Db } from "@/lib/platform/db/client";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { singleton } from "@/lib/platform/runtime/singleton";
import { hashPasswordWhenIdle } from "./passwords";

/**
 * Replaces a person's password hash by one of their own with today's parameters, in an idle moment after the answer (a deferred rehash). Only
 * over the hash that was verified: a password set meanwhile stays. When it fails, or the process ends before, the next
 * sign-in asks again.
 */
export function deferRehash(verified: { userId: string; passwordHash: string }, password: string, client: Db): void {
  const pending = singleton("ownHashes", () => new Set<string>());
  const { userId, passwordHash } = verified;
  if (pending.has(userId)) return;
  pending.add(userId);
  const replace = async () => {
    const ownHash = await hashPasswordWhenIdle(password);
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
