"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";

const never = () => () => undefined;

/** Only who signs in with a passkey loads what does it: these pages have no room. */
const ask = async (from: string | null, autofill: boolean) =>
  (await import("./ask-passkey")).askPasskey(from, autofill).catch(() => null);

/**
 * A button for passkeys, where the browser knows them. With `autofill`, and in a browser in which one was used before, the field of
 * the address offers them too; others are not asked, so that opening the page costs them no request.
 */
export function PasskeySignIn({
  from,
  autofill = false,
  words,
}: {
  from: string | null;
  autofill?: boolean;
  words: Record<"signIn" | "working" | "failed", string>;
}) {
  const [state, setState] = useState<"idle" | "working" | "failed">("idle");
  const isAble = useSyncExternalStore(
    never,
    () => "PublicKeyCredential" in window,
    () => false,
  );
  useEffect(() => {
    if (!autofill || !isAble || localStorage.getItem("campus:passkey") === null) return;
    void PublicKeyCredential.isConditionalMediationAvailable?.().then(async (isThere) => {
      if (!isThere) return;
      // Pressing the button, or leaving, ends it: no fault to speak of.
      const to = await ask(from, true);
      if (to !== null) location.assign(to);
    });
  }, [autofill, isAble, from]);
  if (!isAble) return null;
  const press = async () => {
    setState("working");
    const to = await ask(from, false);
    if (to === null) setState("failed");
    else location.assign(to);
  };
  return (
    <div className="grid gap-2">
      <Button variant="secondary" size="lg" block pending={state === "working"} onClick={() => void press()}>
        {state === "working" ? words.working : words.signIn}
      </Button>
      {state === "failed" ? (
        <p role="alert" className="text-sm font-medium text-absent-fg">
          {words.failed}
        </p>
      ) : null}
    </div>
  );
}
