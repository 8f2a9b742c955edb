"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { dateWords } from "@/messages/dates";
import { proveAlerts, type Proof, type ProofProblem } from "./push-proof";

export type PushProofStrings = Record<"test" | "testing" | "testSent", string> & {
  /** With `{time}`. */
  testShown: string;
  problems: Record<Exclude<ProofProblem, "blocked">, string>;
};

/** Sends a test alert to this device and says when it was on the screen, or how far it came. */
export function PushProof({
  id,
  strings,
  blocked,
  children,
}: {
  id: string;
  strings: PushProofStrings;
  /** Notifications were blocked since. */
  blocked: () => void;
  /** What else can be done, beside the button. */
  children: ReactNode;
}) {
  const [proof, setProof] = useState<"none" | "sending" | "sent" | Proof>("none");
  const waiting = useRef<AbortController>(null);
  useEffect(() => () => waiting.current?.abort(), []);

  async function prove() {
    if (proof === "sending" || proof === "sent") return;
    const own = (waiting.current = new AbortController());
    setProof("sending");
    const outcome = await proveAlerts(id, { sent: () => setProof("sent"), signal: own.signal });
    if (own.signal.aborted) return;
    if (outcome.kind === "unproven" && outcome.problem === "blocked") return blocked();
    setProof(outcome);
  }

  const isWaiting = proof === "sending" || proof === "sent";
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button pending={isWaiting} onClick={() => void prove()}>
          {isWaiting ? strings.testing : strings.test}
        </Button>
        {children}
      </div>
      <LiveRegion visible className="min-h-6 text-sm">
        {wordsOf()}
      </LiveRegion>
    </>
  );

  function wordsOf(): ReactNode {
    if (proof === "none" || proof === "sending") return null;
    if (proof === "sent") return <span className="text-muted">{strings.testSent}</span>;
    if (proof.kind === "shown")
      return (
        <span className="font-medium text-present-fg">
          <span aria-hidden="true">✓ </span>
          {strings.testShown.replace("{time}", clock(proof.at))}
        </span>
      );
    return proof.problem === "blocked" ? null : <span className="text-late-fg">{strings.problems[proof.problem]}</span>;
  }
}

function clock(at: Date): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return dateWords(at, document.documentElement.lang, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
