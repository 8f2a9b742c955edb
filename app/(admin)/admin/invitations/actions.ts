"use server";

import { makeLinks, type InvitationLink } from "@/lib/roster/invite/make-links";
import { makeLinksInput } from "@/lib/roster/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

/** A sheet of links that were just made: they are in this answer and nowhere else. */
export type SheetState = {
  /** What was chosen: it stays chosen. */
  whom: string;
  classId: string;
} & ({ status: "idle" | "failed" } | { status: "made"; links: InvitationLink[]; more: boolean });

const make = action({ name: "makeInvitationLinks", roles: ["ADMIN"], input: makeLinksInput }, makeLinks);

/** Makes links and shows them, once. */
export async function makeLinksAction(_before: SheetState, form: FormData): Promise<SheetState> {
  const outcome = await make(form);
  const fields = formArgument(form);
  const text = (name: string) => String(fields.get(name) ?? "").slice(0, 100);
  const chosen = { whom: text("whom"), classId: text("classId") };
  return outcome.status === "done" ? { ...chosen, status: "made", ...outcome.data } : { ...chosen, status: "failed" };
}
