"use client";

import { useEffect } from "react";
import type { GridStrings } from "@/components/attendance/class-grid/state/grid-strings";
import { listName } from "@/components/attendance/class-grid/state/grid-words";
import type { SheetStore } from "@/components/attendance/class-grid/sync/sheet-store";
import { keep } from "./kept-day";

const AFTER_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Keeps the open class list on this device as the server has it, so that it opens without a network. */
export function useKeptClass(
  store: SheetStore,
  options: {
    classSessionId: string;
    teacherId: string;
    title: string;
    detail: string;
    startsAt: string;
    endsAt: string;
    readOnly: boolean;
    strings: GridStrings;
  },
): void {
  const { classSessionId, teacherId, title, detail, startsAt, endsAt, readOnly, strings } = options;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      const { grid } = store.view();
      const begin = Date.parse(startsAt);
      void keep(teacherId, `class:${classSessionId}`, {
        title,
        detail,
        startsAt: begin,
        endsAt: Date.parse(endsAt),
        opensAt: readOnly || grid.isFinal ? null : begin - HOUR_MS,
        students: grid.students.flatMap((student) => {
          const mark = grid.saved[student.id];
          return mark && !grid.left[student.id] ? [{ id: student.id, name: listName(student, strings), mark }] : [];
        }),
      });
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(write, AFTER_MS);
    };
    later();
    let known = store.view().grid;
    const unsubscribe = store.subscribe(() => {
      const { grid } = store.view();
      if (grid.saved !== known.saved || grid.isFinal !== known.isFinal || grid.left !== known.left) later();
      known = grid;
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, classSessionId, teacherId, title, detail, startsAt, endsAt, readOnly, strings]);
}
