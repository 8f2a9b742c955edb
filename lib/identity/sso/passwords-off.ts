import type { Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import type { Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";

/**
 * Throws `password_sign_in_off` where the school has turned passwords off. Administrators keep theirs, and everybody does where there is no
 * other way to sign in: an issuer that is away, or a setting that was lost, locks nobody out for good.
 */
export async function refuseWherePasswordsAreOff(
  person: { schoolId: string; roles: readonly Role[] },
  client: Db,
): Promise<void> {
  if (env().SSO_PROVIDERS.length === 0 || person.roles.includes("ADMIN")) return;
  const { passwordsAllowed } = await client.school.findUniqueOrThrow({
    where: { id: person.schoolId },
    select: { passwordsAllowed: true },
  });
  if (!passwordsAllowed) throw new AppError("password_sign_in_off", { detail: say("detail.passwordsOff") });
}
