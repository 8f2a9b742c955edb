"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/link-button";
import { type Packed, unpack } from "@/components/patterns/data/packed";
import { LiveRegion } from "@/components/ui/live-region";
import { useKeptClass } from "../offline/use-kept-class";
import type { AlertReach } from "./view/alert-reach-lines";
import type { Announcer } from "./control/announcer";
import type { Wording } from "./state/announcements";
import { FinishedPanel } from "./view/finished-panel";
import { noticeOf } from "./state/grace-notice";
import { GraceStrip } from "./view/grace-strip";
import { GridBar } from "./view/grid-bar";
import { gridInput } from "./control/grid-input";
import type { RowHandlers } from "./view/grid-row";
import { columnWidth, GridRows, hasTwoColumns } from "./view/grid-rows";
import type { GridStrings } from "./state/grid-strings";
import { GridToolbar } from "./view/grid-toolbar";
import type { NextClass } from "./sync/next-class";
import { type SheetStart, useSheet, useSheetValue } from "./sync/use-sheet";

type Parts = {
  /** The class in words, for the list that is kept on the device. */
  title: string;
  detail: string;
  timeZone: string;
  locale: string;
  signInHref: string;
  /** Where to go after this class when it is finished; null: back to the day. */
  next: NextClass | null;
  /** Seconds between finishing and notifying; 0: at once. */
  graceSeconds: number;
  /** Whom the alerts of a finished sheet reach; null while it is open. */
  reach: AlertReach | null;
};

export type ClassGridProps = Omit<SheetStart, "rows"> &
  Parts & { packed: Packed<Pick<SheetStart, "rows"> & { strings: GridStrings }> };

/**
 * The class grid: one student a row, four marks each, by keys (only while the list has the focus), mouse or finger. A key
 * draws the row it changes, the counts and the undo button; this component is not drawn again by any mark.
 */
export function ClassGrid({ packed, ...given }: ClassGridProps) {
  const unpacked = useMemo(() => unpack(packed), [packed]);
  const props = { ...given, ...unpacked };
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
  const twoColumns = hasTwoColumns(students.length);
  const alerts = useSheetValue(store, (view) => view.alerts);
  const version = useSheetValue(store, ({ grid }) => grid.version);
  useFreshPage(props, isFinal, version);
  useKeptClass(store, props);

  // The list is what this page is for: with a keyboard at hand it can be used at once.
  useEffect(() => {
    if (readOnly || !matchMedia("(pointer: fine)").matches || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>("[role=rowheader][tabindex='0']")?.focus({ preventScroll: true });
  }, [readOnly]);

  return (
    <div data-hides-tabs={readOnly ? undefined : ""} className="noscript:hidden">
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
          {strings.lockedWhy[save.why]} {strings.lockedKept}
        </Alert>
      ) : null}
      {finishedHere ? (
        <FinishedPanel
          {...{ sheet, strings, locale }}
          reach={props.reach}
          next={props.isFinal ? props.next : undefined}
        />
      ) : isFinal && alerts && !readOnly ? (
        <div className="mb-4">
          <GraceStrip {...{ sheet, strings, locale }} reach={props.reach} />
        </div>
      ) : null}
      {readOnly ? null : (
        <>
          <GridToolbar {...{ sheet, strings, locale }} />
          <p className="mb-1 text-xs text-muted md:mb-3 md:text-sm">
            {noticeOf(strings, { isFinal, alertsAt: alerts?.at ?? null, graceSeconds: props.graceSeconds, locale })}
          </p>
        </>
      )}
      <div className={columnWidth(twoColumns)}>
        <GridRows {...{ students, ui, controls, input, handlers, readOnly, strings, locale }} />
      </div>
      <Said announcer={announcer} />
      {readOnly ? null : <GridBar {...{ sheet, strings, locale, twoColumns }} timeZone={props.timeZone} />}
    </div>
  );
}

/**
 * After finishing, reopening and every correction of a finished sheet, the rest of the page (the tag in its head, whom the
 * alerts reach) is asked for anew.
 */
function useFreshPage(shown: { isFinal: boolean; version: number }, isFinal: boolean, version: number): void {
  const router = useRouter();
  const isOld = isFinal !== shown.isFinal || (isFinal && version > shown.version);
  useEffect(() => {
    if (isOld) router.refresh();
  }, [isOld, version, router]);
}

/** A sentence draws this and nothing else. */
function Said({ announcer }: { announcer: Announcer }) {
  return <LiveRegion>{useSyncExternalStore(announcer.subscribe, announcer.said, announcer.said)}</LiveRegion>;
}
