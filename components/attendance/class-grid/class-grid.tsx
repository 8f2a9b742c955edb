"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { LiveRegion } from "@/components/ui/live-region";
import type { Announcer } from "./announcer";
import type { Wording } from "./announcements";
import { FinishedPanel } from "./finished-panel";
import { GridBar } from "./grid-bar";
import { gridInput } from "./grid-input";
import type { RowHandlers } from "./grid-row";
import { GridRows, hasTwoColumns } from "./grid-rows";
import type { GridStrings } from "./grid-strings";
import { GridToolbar } from "./grid-toolbar";
import type { NextClass } from "./next-class";
import { type SheetStart, useSheet, useSheetValue } from "./use-sheet";

export type ClassGridProps = SheetStart & {
  timeZone: string;
  locale: string;
  signInHref: string;
  /** Where to go after this class; null: back to the day. */
  next: NextClass | null;
  strings: GridStrings;
};

/**
 * The class grid: one student a row, four marks each, by keys (only while the list has the focus), mouse or finger. A key
 * draws the row it changes, the counts and the undo button; this component is not drawn again by any mark.
 */
export function ClassGrid(props: ClassGridProps) {
  const { strings, locale, readOnly } = props;
  const wording = useMemo<Wording>(() => ({ strings, locale }), [strings, locale]);
  const sheet = useSheet(props, wording);
  const { store, ui, announcer, controls } = sheet;
  const students = useSheetValue(store, ({ grid }) => grid.students);
  const save = useSheetValue(store, (view) => view.save);
  const isFinal = useSheetValue(store, ({ grid }) => grid.isFinal);
  const finishedHere = useSheetValue(store, (view) => view.finishedHere);
  const input = useMemo(() => gridInput(store, controls, strings), [store, controls, strings]);
  const handlers = useMemo<RowHandlers>(
    () => ({
      onDetail: (studentId, change) => store.act({ type: "detail", studentId, ...change }),
      onResolve: (studentId, keep) => {
        store.act({ type: "resolve", studentId, keep });
        controls.focusRow(studentId);
      },
      onCloseDetails: (studentId) => {
        ui.closeDetails();
        controls.focusRow(studentId);
      },
    }),
    [store, ui, controls],
  );
  useFreshPage(props.isFinal, isFinal);

  // The list is what this page is for: with a keyboard at hand it can be used at once.
  useEffect(() => {
    if (readOnly || !matchMedia("(pointer: fine)").matches || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>("[role=rowheader][tabindex='0']")?.focus({ preventScroll: true });
  }, [readOnly]);

  return (
    <div
      className={
        hasTwoColumns(students.length) ? "max-w-5xl xl:max-w-none noscript:hidden" : "max-w-5xl noscript:hidden"
      }
    >
      {save.phase === "signedOut" ? (
        <Alert
          tone="error"
          role="alert"
          className="mb-4"
          title={strings.signedOutTitle}
          actions={<LinkButton href={props.signInHref}>{strings.signIn}</LinkButton>}
        >
          {strings.signedOut}
        </Alert>
      ) : null}
      {save.phase === "locked" ? (
        <Alert tone="error" role="alert" className="mb-4" title={strings.lockedTitle}>
          {save.detail} {strings.lockedKept}
        </Alert>
      ) : null}
      {finishedHere ? <FinishedPanel {...{ sheet, strings, locale }} next={props.next} /> : null}
      {readOnly ? null : (
        <>
          <p className="mb-3 text-sm text-muted">{isFinal ? strings.correctNotice : strings.tellNotice}</p>
          <GridToolbar {...{ sheet, strings, locale }} />
        </>
      )}
      <GridRows {...{ students, ui, controls, input, handlers, readOnly, strings }} />
      <Said announcer={announcer} />
      {readOnly ? null : <GridBar {...{ sheet, strings, locale }} timeZone={props.timeZone} />}
    </div>
  );
}

/** After finishing, the rest of the page (the tag in its head, the list of the day) is asked for anew. */
function useFreshPage(wasFinal: boolean, isFinal: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (isFinal && !wasFinal) router.refresh();
  }, [isFinal, wasFinal, router]);
}

/** A sentence draws this and nothing else. */
function Said({ announcer }: { announcer: Announcer }) {
  return <LiveRegion>{useSyncExternalStore(announcer.subscribe, announcer.said, announcer.said)}</LiveRegion>;
}
