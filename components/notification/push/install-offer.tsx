"use client";

import { Button } from "@/components/ui/button";
import { useInstall } from "./install-prompt";

export type InstallStrings = { why: string; install: string };

/** Installing as an app, where the browser offers it: alerts of an installed app are not switched off for want of use. */
export function InstallOffer({ strings }: { strings: InstallStrings }) {
  const install = useInstall();
  if (!install) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-border pt-3">
      <p className="min-w-0 flex-1 basis-60 text-sm text-muted">{strings.why}</p>
      <Button size="sm" onClick={install}>
        {strings.install}
      </Button>
    </div>
  );
}
