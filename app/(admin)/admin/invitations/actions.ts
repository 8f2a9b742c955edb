"use server";

import { getTranslations } from "next-intl/server";
import { makeLinks, type InvitationLink } from "@/lib/roster/invite/make-links";
import { mailLinks } from "@/lib/roster/invite/mail-links";
import { makeLinksInput } from "@/lib/roster/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

/** A sheet of links that were just made: they are in this answer and nowhere else. */
export type SheetState = {
  /** What was chosen: it stays chosen. */
  whom: string;
  classId: string;
} & (
  | { status: "idle" | "failed" }
  | { status: "made"; links: InvitationLink[]; more: boolean }
  | { status: "mailed"; message: string }
);

const make = action({ name: "makeInvitationLinks", roles: ["ADMIN"], input: makeLinksInput }, makeLinks);

const mail = action({ name: "mailInvitationLinks", roles: ["ADMIN"], input: makeLinksInput }, mailLinks);

/** Makes links and shows them, once; or has them mailed. */
export async function makeLinksAction(_before: SheetState, form: FormData): Promise<SheetState> {
  const fields = formArgument(form);
  const text = (name: string) => String(fields.get(name) ?? "").slice(0, 100);
  const chosen = { whom: text("whom"), classId: text("classId") };
  if (fields.get("how") === "mail") {
    const outcome = await mail(form);
    if (outcome.status !== "done") return { ...chosen, status: "failed" };
    const { mailed: count, more } = outcome.data;
    const t = await getTranslations("invitations");
    const message = [t("mailed", { count }), ...(more ? [t("mailMore")] : [])].join(" ");
    return { ...chosen, status: "mailed", message };
  }
  const outcome = await make(form);
  return outcome.status === "done" ? { ...chosen, status: "made", ...outcome.data } : { ...chosen, status: "failed" };
}
