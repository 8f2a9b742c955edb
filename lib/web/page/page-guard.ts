import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { refuseOverdue } from "@/lib/identity/factors/rule";
import { getMe } from "@/lib/identity/people/get-me";
import type { Me } from "@/lib/identity/schema";
import { hasRole } from "@/lib/shared/access";
import type { Actor, Context, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { webCall } from "./web-call";

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
  if (!WHILE_OVERDUE.test(path)) await setUpFactorFirst(actor);
  if (roles && !hasRole({ actor }, ...roles)) notFound();
  return contextOf(actor);
}

/** Where a second factor is set up, and what that leads to. */
const WHILE_OVERDUE = /^\/(?:account\/sign-in-methods|prove)(?:[?#]|$)/;

/** Who must have a second factor by now sets one up before anything else. */
async function setUpFactorFirst(actor: Actor): Promise<void> {
  try {
    await refuseOverdue(actor, new Date());
  } catch (error) {
    if (error instanceof AppError && error.code === "second_factor_setup_required")
      redirect("/account/sign-in-methods");
    throw error;
  }
}

/**
 * For the metadata of a page with `roles`: who has none of them gets the title of what stands in its place, because
 * Next.js keeps the page's own title when only the page says that it does not exist.
 */
export async function titleIsFor(roles: readonly Role[]): Promise<void> {
  const actor = await currentActor();
  if (actor && !hasRole({ actor }, ...roles)) notFound();
}

const meOf = cache((actor: Actor) => getMe({ actor }));

/** The signed-in person of a page, with the school; read once for a page, whoever of it asks. */
export function pageMe({ actor }: Pick<Context, "actor">): Promise<Me> {
  return meOf(actor);
}

/** The same for what does not know whether somebody is signed in; null: nobody is. */
export async function currentMe(): Promise<Me | null> {
  const actor = await currentActor();
  return actor && meOf(actor);
}

/** The signed-in person of this request or null; for pages that are there for everybody. */
export async function currentContext(): Promise<Context | null> {
  const actor = await currentActor();
  return actor && contextOf(actor);
}

/** One for the request: what is read once for a context is read once for all parts of the page. */
const contextOf = cache(async (actor: Actor): Promise<Context> => {
  const incoming = await headers();
  return { actor, ...webCall(incoming) };
});
