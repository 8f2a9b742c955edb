"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import {
  browserFamily,
  syncPush,
  testPush,
  turnOffPush,
  turnOnPush,
  type PushProblem,
  type PushState,
} from "./push-client";

export type PushSetupStrings = Record<
  | "intro"
  | "turnOn"
  | "working"
  | "onBody"
  | "test"
  | "testing"
  | "testSent"
  | "testShown"
  | "testLost"
  | "turnOff"
  | "turningOff"
  | "deniedTitle"
  | "deniedBody"
  | "unsupportedTitle"
  | "unsupportedBody"
  | "iosTitle"
  | "iosBody",
  string
> & {
  problems: Record<PushProblem, string>;
  deniedSteps: Record<ReturnType<typeof browserFamily>, string>;
  iosSteps: readonly string[];
};

type Test = "none" | "sending" | "sent" | "lost" | Date;

const TEST_PATIENCE_MS = 30_000;

/** Turns pushes of this device on and off, and proves them. Asks for permission only after a press. */
export function PushSetup({ publicKey, strings }: { publicKey: string; strings: PushSetupStrings }) {
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const router = useRouter();

  useEffect(() => {
    let current = true;
    void syncPush(publicKey).then((known) => {
      if (current) setState(known);
    });
    return () => {
      current = false;
    };
  }, [publicKey]);

  async function change(work: Promise<PushState>) {
    setBusy(true);
    setState(await work.catch((): PushState => ({ kind: "problem", problem: "failed" })));
    setBusy(false);
    router.refresh(); // the list of devices is on the same page
  }

  if (state?.kind === "on")
    return (
      <OnThisDevice
        key={state.id}
        id={state.id}
        strings={strings}
        busy={busy}
        turnOff={() => void change(turnOffPush(state.id))}
      />
    );
  if (state?.kind === "unsupported") return <Alert title={strings.unsupportedTitle}>{strings.unsupportedBody}</Alert>;
  if (state?.kind === "ios")
    return (
      <Alert title={strings.iosTitle}>
        <p>{strings.iosBody}</p>
        <ol className="mt-2 list-decimal ps-5">
          {strings.iosSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Alert>
    );
  if (state?.kind === "denied")
    return (
      <Alert tone="warning" role="status" title={strings.deniedTitle}>
        <p>{strings.deniedBody}</p>
        <p>{strings.deniedSteps[browserFamily()]}</p>
      </Alert>
    );
  return (
    <div className="grid gap-3">
      <p className="text-muted">{strings.intro}</p>
      {state?.kind === "problem" ? (
        <Alert tone="warning" role="alert">
          {strings.problems[state.problem]}
        </Alert>
      ) : null}
      <div>
        <Button
          variant="primary"
          pending={busy}
          disabled={state === null}
          onClick={() => {
            if (!busy) void change(turnOnPush(publicKey));
          }}
        >
          {busy ? strings.working : strings.turnOn}
        </Button>
      </div>
    </div>
  );
}

function OnThisDevice({
  id,
  strings,
  busy,
  turnOff,
}: {
  id: string;
  strings: PushSetupStrings;
  busy: boolean;
  turnOff: () => void;
}) {
  const [test, setTest] = useState<Test>("none");
  const ending = useRef<() => void>(() => undefined);
  useEffect(() => () => ending.current(), []);

  async function run() {
    setTest("sending");
    try {
      const stop = await testPush(id, (at) => {
        ending.current();
        setTest(at);
      });
      const timer = setTimeout(() => {
        stop();
        setTest((before) => (before instanceof Date ? before : "lost"));
      }, TEST_PATIENCE_MS);
      ending.current = () => {
        clearTimeout(timer);
        stop();
      };
      setTest((before) => (before === "sending" ? "sent" : before));
    } catch {
      setTest("lost");
    }
  }

  return (
    <div className="grid gap-3">
      <p className="text-muted">{strings.onBody}</p>
      <div className="flex flex-wrap gap-2">
        <Button pending={test === "sending"} onClick={() => void run()}>
          {test === "sending" ? strings.testing : strings.test}
        </Button>
        <Button variant="quiet" pending={busy} onClick={turnOff}>
          {busy ? strings.turningOff : strings.turnOff}
        </Button>
      </div>
      <LiveRegion visible className="text-sm text-muted empty:hidden">
        {test === "sent" ? strings.testSent : null}
        {test === "lost" ? strings.testLost : null}
        {test instanceof Date ? strings.testShown.replace("{time}", clock(test)) : null}
      </LiveRegion>
    </div>
  );
}

function clock(at: Date): string {
  return at.toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });
}
