import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { authenticateRequest } from "@/lib/identity/authenticate";
import type { Context, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { requestIdOf } from "./request-id";

const currentActor = cache(async () => {
  try {
    return (await authenticateRequest(await headers())).actor;
  } catch (error) {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
});

/**
 * The context of a page: signed in (else to the sign-in page and back to `path`) and with one of `roles` (else the page
 * does not exist for this person). Every page calls it and the query checks again: a layout or proxy alone guards nothing.
 */
export async function pageContext(path: string, roles?: readonly Role[]): Promise<Context> {
  const actor = await currentActor();
  if (!actor) redirect(`/login?from=${encodeURIComponent(path)}`);
  if (roles && !roles.some((role) => actor.roles.includes(role))) notFound();
  return { actor, requestId: requestIdOf(await headers()), now: new Date(), source: "web" };
}

/** The signed-in person of this request or null; for pages that are there for everybody. */
export async function currentContext(): Promise<Context | null> {
  const actor = await currentActor();
  return actor ? { actor, requestId: requestIdOf(await headers()), now: new Date(), source: "web" } : null;
}
