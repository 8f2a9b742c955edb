"use client";

import { useRouter } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { addPasskeyAction, beginPasskeyAction } from "../passkey-actions";

const PAGE = "/account/sign-in-methods";
const never = () => () => undefined;

/** Makes a passkey on this device. Where the browser cannot, it says so in the place of a button that would do nothing. */
export function AddPasskey({ words }: { words: Record<"add" | "adding" | "failed" | "unable", string> }) {
  const router = useRouter();
  const [state, setState] = useState<"idle" | "adding" | "failed">("idle");
  const isAble = useSyncExternalStore(
    never,
    () => "PublicKeyCredential" in window,
    () => false,
  );
  if (!isAble) return <p className="text-muted">{words.unable}</p>;
  const add = async () => {
    setState("adding");
    try {
      const options = await beginPasskeyAction();
      if (options === "prove") return router.push(`/prove?from=${encodeURIComponent(PAGE)}`);
      if (options === "failed") return setState("failed");
      // Only who makes a passkey loads it.
      const { startRegistration } = await import("@simplewebauthn/browser");
      const form = new FormData();
      form.set("response", JSON.stringify(await startRegistration({ optionsJSON: options })));
      if ((await addPasskeyAction(form)) === "failed") return setState("failed");
      localStorage.setItem("campus:passkey", "1");
      setState("idle");
      router.push(`${PAGE}?result=passkeyAdded`);
      router.refresh(); // of a second one the address is the same
    } catch {
      setState("failed"); // cancelled, or the device refused
    }
  };
  return (
    <div className="grid gap-3">
      {state === "failed" ? (
        <Alert tone="error" role="alert">
          {words.failed}
        </Alert>
      ) : null}
      <Button
        variant="secondary"
        pending={state === "adding"}
        onClick={() => void add()}
        className="justify-self-start"
      >
        {state === "adding" ? words.adding : words.add}
      </Button>
    </div>
  );
}
