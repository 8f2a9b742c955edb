"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { LiveRegion } from "@/components/ui/live-region";
import { syncPush, turnOffPush, turnOnPush, type PushProblem, type PushState } from "./push-client";
import { InstallOffer, type InstallStrings } from "./install-offer";
import { watchPermission } from "./push-permission";
import { blockerOf, missingIn, thisBrowser, type Blocker, type Missing } from "./push-platform";
import { PushProof, type PushProofStrings } from "./push-proof-panel";

export type PushSetupStrings = Record<
  | "title"
  | "titleOn"
  | "intro"
  | "turnOn"
  | "working"
  | "asking"
  | "onBody"
  | "nowOn"
  | "nowOff"
  | "turnOff"
  | "turningOff"
  | "turnOffFailed"
  | "allowedAgain"
  | "deniedTitle"
  | "deniedBody"
  | "inPrivate",
  string
> & { problems: Record<PushProblem, string>; proof: PushProofStrings; install: InstallStrings };

/**
 * How a private window shows: no browser says that it is one, but none of them can subscribe – it refuses, waits for
 * ever, or leaves the question unanswered.
 */
const LIKE_PRIVATE: ReadonlySet<PushProblem> = new Set(["unanswered", "timeout", "failed"]);

type Work = "none" | "asking" | "turningOn" | "turningOff";

/** Turns pushes of this device on and off, and proves them. Asks for permission only after a press. */
export function PushSetup({
  publicKey,
  strings,
  icon,
  missing,
  blocked,
}: {
  publicKey: string;
  strings: PushSetupStrings;
  icon: ReactNode;
  /** What to do where there is no push, and where it is blocked: made on the server, shown as the browser needs it. */
  missing: Partial<Record<Missing, ReactNode>>;
  blocked: Partial<Record<Blocker, ReactNode>>;
}) {
  const [state, setState] = useState<PushState | null>(null);
  const [work, setWork] = useState<Work>("none");
  const [said, setSaid] = useState("");
  const [failed, setFailed] = useState(false);
  /** The person pressed "turn on" here: an answer that comes late, or from the settings, still means it. */
  const isWanted = useRef(false);
  const isBusy = useRef(false);
  /** Something was pressed here, and this is its outcome: only then may the focus move. */
  const isPressed = useRef(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const router = useRouter();

  useEffect(() => {
    let current = true;
    void syncPush(publicKey).then((known) => {
      // What an earlier page of this visit knew may have been changed in the settings meanwhile.
      const isOld = known.kind === "denied" && Notification.permission !== "denied";
      if (current) setState(isOld ? { kind: "off" } : known);
    });
    return () => {
      current = false;
    };
  }, [publicKey]);

  useEffect(() => {
    const byPress = isPressed.current;
    isPressed.current = false;
    // The control that was pressed is gone. Not to the next one: pressed by accident, it would take back what was done.
    if (byPress && said !== "" && document.activeElement === document.body) heading.current?.focus();
  }, [said, state]);

  async function change(
    next: Work,
    turn: () => Promise<PushState>,
    words: Partial<Record<PushState["kind"], string>>,
    byPress = true,
  ) {
    if (isBusy.current) return;
    isBusy.current = true;
    setWork(next);
    setFailed(false);
    setSaid("");
    try {
      const outcome = await turn();
      isPressed.current = byPress;
      setState(outcome);
      setSaid(words[outcome.kind] ?? "");
      router.refresh(); // the list of devices is on the same page
    } catch {
      setFailed(true);
    }
    isBusy.current = false;
    setWork("none");
  }

  const turnOn = (byPress = true) => {
    isWanted.current = true;
    const next = "Notification" in window && Notification.permission === "default" ? "asking" : "turningOn";
    return change(next, () => turnOnPush(publicKey), { on: strings.nowOn, denied: strings.deniedTitle }, byPress);
  };

  const permissionChanged = useRef<(permission: NotificationPermission) => void>(() => undefined);
  useEffect(() => {
    permissionChanged.current = (permission) => {
      if (isBusy.current) return; // the press that asked goes on by itself
      if (permission === "granted" && isWanted.current) return void turnOn(false);
      if (permission === "denied") setState((before) => (before === null ? before : { kind: "denied" }));
      else if (state?.kind === "denied") {
        setState({ kind: "off" });
        setSaid(strings.allowedAgain);
      }
    };
  });
  useEffect(() => watchPermission((permission) => permissionChanged.current(permission)), []);

  return (
    <>
      <h2 id="push-card-title" ref={heading} tabIndex={-1} className="mb-2 flex items-center gap-2 text-lg">
        {icon}
        {state?.kind === "on" ? strings.titleOn : strings.title}
      </h2>
      <div className="grid gap-3">{bodyOf()}</div>
      <LiveRegion>{work === "asking" ? strings.asking : said}</LiveRegion>
    </>
  );

  function bodyOf(): ReactNode {
    if (state?.kind === "on")
      return (
        <>
          <p className="text-muted">{strings.onBody}</p>
          <PushProof
            key={state.id}
            id={state.id}
            strings={strings.proof}
            blocked={() => {
              isPressed.current = true;
              setState({ kind: "denied" });
              setSaid(strings.deniedTitle);
            }}
          >
            <Button
              variant="quiet"
              pending={work === "turningOff"}
              onClick={() => {
                isWanted.current = false;
                void change("turningOff", () => turnOffPush(state.id), { off: strings.nowOff });
              }}
            >
              {work === "turningOff" ? strings.turningOff : strings.turnOff}
            </Button>
          </PushProof>
          {failed ? (
            <Alert tone="warning" role="alert">
              {strings.turnOffFailed}
            </Alert>
          ) : null}
          <InstallOffer strings={strings.install} />
        </>
      );
    if (state?.kind === "unsupported" || state?.kind === "ios") return missing[missingIn(thisBrowser())];
    if (state?.kind === "denied")
      return (
        <Alert tone="warning" title={strings.deniedTitle}>
          <p>{strings.deniedBody}</p>
          {blocked[blockerOf(thisBrowser())]}
          <p className="mt-2">{strings.inPrivate}</p>
        </Alert>
      );
    return (
      <>
        <p className="text-muted">{strings.intro}</p>
        {state?.kind === "problem" ? (
          <Alert tone="warning" role="alert">
            <p>{strings.problems[state.problem]}</p>
            {LIKE_PRIVATE.has(state.problem) ? <p className="mt-1">{strings.inPrivate}</p> : null}
          </Alert>
        ) : null}
        {/* Without script the button could do nothing. */}
        <div className="noscript:hidden">
          <Button variant="primary" pending={work !== "none"} disabled={state === null} onClick={() => void turnOn()}>
            {work === "none" ? strings.turnOn : strings.working}
          </Button>
        </div>
        {work === "asking" ? <p className="text-sm text-muted">{strings.asking}</p> : null}
      </>
    );
  }
}
