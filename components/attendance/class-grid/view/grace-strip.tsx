"use client";

import { BellRing, Undo2 } from "@/components/ui/icon";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { type AlertReach, reachLines } from "./alert-reach-lines";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "../state/grid-strings";
import { type Sheet, useSheetValue } from "../sync/use-sheet";

const TICK_MS = 250;

type GraceStripProps = { sheet: Sheet; reach: AlertReach | null; strings: GridStrings; locale: string };

/**
 * A finished class before its guardians are notified: until when it can be reopened, counted down by the server's clock,
 * and what ends it. The seconds are for the eye; a screen reader hears the time of day once.
 */
export function GraceStrip({ sheet: { store, controls }, reach, strings, locale }: GraceStripProps) {
  const alerts = useSheetValue(store, (view) => view.alerts);
  const ending = useSheetValue(store, (view) => view.ending);
  const absent = useSheetValue(store, ({ grid }) =>
    grid.students.some(({ id }) => grid.saved[id]?.status === "ABSENT"),
  );
  const box = useRef<HTMLDivElement>(null);
  if (alerts === null) return null;
  const at = alerts.at.slice(11, 19);
  const finished = (alerts.finishedAt ?? "").slice(11, 19);
  const words = fill(absent ? strings.graceAt : strings.graceNobody, { finished, at });
  return (
    <div
      ref={box}
      role="group"
      aria-label={strings.graceLabel}
      tabIndex={-1}
      data-no-print
      className="grid gap-2 rounded-lg border border-border bg-surface px-4 py-3"
    >
      <p className="flex flex-wrap items-baseline gap-x-3 tabular">
        <span>{words}</span>
        <Countdown until={Date.parse(alerts.at)} nowMs={store.nowMs} onOver={store.graceOver} strings={strings} />
      </p>
      {absent && reach ? (
        <ul className="grid gap-0.5 text-sm text-muted">
          {reachLines(reach, { at: alerts.at.slice(11, 16), strings, locale }).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void controls.reopen()} aria-disabled={ending !== null}>
          {ending === "reopen" ? <Spinner /> : <Undo2 className="size-5 shrink-0" aria-hidden="true" />}
          {strings.reopen}
        </Button>
        {absent ? (
          <Button
            variant="quiet"
            aria-disabled={ending !== null}
            onClick={() => {
              // The buttons go away with the grace: the focus must not fall out of the page.
              box.current?.focus();
              void controls.notify();
            }}
          >
            {ending === "notify" ? <Spinner /> : <BellRing className="size-5 shrink-0" aria-hidden="true" />}
            {strings.notifyNow}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

type CountdownProps = { until: number; nowMs: () => number; onOver: () => void; strings: GridStrings };

/** `0:43`, drawn by itself once a second; says once that the time is over. */
function Countdown({ until, nowMs, onOver, strings }: CountdownProps) {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    const look = () => {
      const seconds = Math.ceil((until - nowMs()) / 1_000);
      setLeft(Math.max(0, seconds));
      if (seconds <= 0) onOver();
    };
    look();
    const timer = setInterval(look, TICK_MS);
    return () => clearInterval(timer);
  }, [until, nowMs, onOver]);
  if (left === null) return null;
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <span aria-hidden="true" data-countdown className="font-medium tabular">
      {fill(strings.graceLeft, { clock })}
    </span>
  );
}
