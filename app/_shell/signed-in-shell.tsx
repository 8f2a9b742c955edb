import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { AppShell } from "@/components/patterns/shell/app-shell";
import { ForgetDrafts } from "@/components/attendance/class-grid/forget-drafts";
import { KeptFor } from "@/components/attendance/offline/kept-for";
import { PushSync } from "@/components/notification/push/push-sync";
import { pushPublicKey } from "@/lib/notification/queries";
import { currentContext, pageMe } from "@/lib/web/page/page-guard";
import { PATH_HEADER } from "@/lib/web/server/request-id";
import { signOutAction } from "./actions";
import { FactorNotice } from "./factor-notice";
import { unreadOfRequest } from "./unread";

/**
 * The frame of every signed-in page: school, places, account, and the way out. It sends somebody who is not signed in
 * to the sign-in page before anything is streamed; what a person may see is decided by each page and query.
 */
export async function SignedInShell({ children }: { children: ReactNode }) {
  const ctx = await currentContext();
  if (!ctx) redirect(`/login?from=${encodeURIComponent((await headers()).get(PATH_HEADER) ?? "/")}`);
  const [{ name, roles, school }, unread] = await Promise.all([pageMe(ctx), unreadOfRequest()]);
  return (
    <AppShell user={{ name, roles }} schoolName={school.name} signOutAction={signOutAction} unreadCount={unread}>
      <FactorNotice ctx={ctx} />
      {children}
      <KeptFor personId={ctx.actor.userId} />
      {roles.includes("TEACHER") ? <ForgetDrafts /> : null}
      <PushSync publicKey={pushPublicKey()} unread={unread} />
    </AppShell>
  );
}
