import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AppShell } from "@/components/patterns/shell/app-shell";
import { PageHeader } from "@/components/patterns/page-header";
import type { ShellRole } from "@/components/patterns/shell/shell-nav";
import { Alert } from "@/components/ui/alert";
import { LinkTabs } from "@/components/ui/link-tabs";
import { KitActions } from "./_components/kit-actions";
import { KitForms } from "./_components/kit-forms";
import { KitLists } from "./_components/kit-lists";
import { KitStates } from "./_components/kit-states";
import { KitTokens } from "./_components/kit-tokens";

export const metadata: Metadata = { title: "Kit – Development" };

const views = { actions: KitActions, forms: KitForms, lists: KitLists, states: KitStates, tokens: KitTokens };
type View = keyof typeof views;

const roleSets: Record<string, readonly ShellRole[]> = {
  student: ["STUDENT"],
  teacher: ["TEACHER"],
  guardian: ["GUARDIAN"],
  admin: ["ADMIN"],
  all: ["TEACHER", "GUARDIAN", "STUDENT", "ADMIN"],
};

function isView(value: unknown): value is View {
  return typeof value === "string" && value in views;
}

/** Every component in every state, for eyes, axe and screenshots: ?view=, ?role=, ?theme=light|dark, ?dir=rtl. */
export default async function KitPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  if (process.env.NODE_ENV === "production") notFound();
  const query = await searchParams;
  const view = isView(query["view"]) ? query["view"] : "actions";
  const roles = roleSets[String(query["role"])] ?? (["STUDENT"] as const);
  const theme = query["theme"] === "dark" || query["theme"] === "light" ? query["theme"] : undefined;
  const View = views[view];
  const address = (to: string) => `/kit?${new URLSearchParams({ ...flat(query), view: to }).toString()}`;

  return (
    <div data-theme={theme} dir={query["dir"] === "rtl" ? "rtl" : undefined} className="min-h-dvh bg-bg text-text">
      <AppShell
        user={{ name: "Anna Nováková", roles }}
        schoolName="Masaryk Grammar School"
        signOutAction="/kit"
        current={String(query["current"] ?? "/sections")}
        unreadCount={3}
      >
        <PageHeader eyebrow="Development" title="Kit" description="Every component, in every state it has." />
        <LinkTabs
          label="Parts of the kit"
          className="mb-6"
          tabs={Object.keys(views).map((name) => ({ href: address(name), label: name, current: name === view }))}
        />
        <View />
        <Alert className="mt-8">Only in development: in production this page does not exist.</Alert>
      </AppShell>
    </div>
  );
}

function flat(query: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
  );
}
