"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { markAllRead, markRead, undoMarkAllRead } from "@/lib/notification/inbox/mark-read";
import { idSchema, instantSchema } from "@/lib/shared/schema";
import { action } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

/** Where the form was: one of the inbox's own addresses. */
const backSchema = z
  .string()
  .regex(/^\/inbox(\?[A-Za-z0-9_=&%-]{0,600})?$/)
  .catch("/inbox");

const readOne = action(
  { name: "markRead", roles: "signedIn", input: z.object({ id: idSchema, back: backSchema }) },
  async (ctx, { id }) => markRead(ctx, { id }),
);
const readAll = action({ name: "markAllRead", roles: "signedIn", input: z.object({}) }, (ctx) => markAllRead(ctx));
const undoAll = action(
  { name: "undoMarkAllRead", roles: "signedIn", input: z.object({ markedAt: instantSchema }) },
  undoMarkAllRead,
);

/** Marks one thing as read and shows the same list again. */
export async function markReadAction(form: FormData): Promise<void> {
  await readOne(form);
  redirect(backSchema.parse(formArgument(form).get("back")));
}

/** Marks everything as read and offers to take it back. */
export async function markAllReadAction(form: FormData): Promise<void> {
  const result = await readAll(form);
  const marked = result.status === "done" && result.data.count > 0 ? result.data.markedAt : null;
  redirect(marked === null ? "/inbox" : `/inbox?${new URLSearchParams({ marked }).toString()}`);
}

/** Takes "mark all as read" back. */
export async function undoMarkAllReadAction(form: FormData): Promise<void> {
  await undoAll(form);
  redirect("/inbox");
}
