"use client";

import { CloudAlert, CloudCheck, CloudOff } from "@/components/ui/icon";
import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { fill, fillPlural } from "@/components/patterns/data/fill";
import { summaryOf } from "../state/grid-summary";
import { clockWords } from "@/messages/dates";
import type { GridBarProps } from "./grid-bar";
import { useSheetValue } from "../sync/use-sheet";

const line = "inline-flex items-center gap-1.5 font-medium";

/** Where the marks are, in one vocabulary: what needs the teacher comes before what does not. */
export function SaveWords({ sheet, strings, locale, timeZone }: GridBarProps) {
  const { store, announcer, controls } = sheet;
  const save = useSheetValue(store, (view) => view.save);
  const notDone = useSheetValue(store, (view) => view.notDone);
  const isFinishing = useSheetValue(store, (view) => view.isFinishing);
  const isFinal = useSheetValue(store, ({ grid }) => grid.isFinal);
  const { waiting, undecided } = useSheetValue(store, ({ grid }) => summaryOf(grid));
  const notice = useSyncExternalStore(announcer.subscribe, announcer.notice, announcer.notice);
  if (notDone !== null && !isFinishing)
    return (
      <p className={`${line} text-absent-fg`}>
        <CloudAlert className="size-4 shrink-0" aria-hidden="true" />
        {strings.notDone[notDone]}
      </p>
    );
  if (undecided > 0)
    return (
      <Button size="sm" variant="danger" onClick={controls.toConflict}>
        <CloudAlert className="size-4 shrink-0" aria-hidden="true" />
        {fillPlural(strings.needsDecision, undecided, locale)}
      </Button>
    );
  if (notice !== null) return <p className="font-medium">{notice}</p>;
  if (save.phase === "saving" || isFinishing) return <p className="text-muted">{strings.saving}</p>;
  if (waiting > 0 && isFinal)
    return (
      <p className={`${line} text-late-fg`}>
        <CloudOff className="size-4 shrink-0" aria-hidden="true" />
        {fillPlural(strings.correctionsWaiting, waiting, locale)}
      </p>
    );
  if (save.phase === "waiting" && waiting > 0)
    return (
      <p className={`${line} flex-wrap text-late-fg`}>
        <CloudOff className="size-4 shrink-0" aria-hidden="true" />
        {fillPlural(strings.onDevice, waiting, locale)}
        <span className="text-xs font-normal max-sm:w-full sm:text-sm">{strings.keptHere}</span>
      </p>
    );
  if (save.phase !== "saved") return null;
  return (
    <p className="inline-flex items-center gap-1.5 text-muted">
      <CloudCheck className="size-4" aria-hidden="true" />
      {fill(strings.saved, { time: clockWords(save.at, locale, timeZone) })}
    </p>
  );
}
