"use client";

import { CloudOff } from "@/components/ui/icon";
import Link from "next/link";
import { useEffect, useState } from "react";
import { fillPlural, type Plural } from "@/components/patterns/data/fill";
import type { KeptSheet } from "./state/sheet-draft";

export type UnsentStrings = { waiting: Plural; other: string; send: string };

/** Classes of the teacher with marks that only this device has, each a link to its grid, which sends them. */
export function UnsentSheets({
  teacherId,
  titles,
  strings,
  locale,
}: {
  teacherId: string;
  /** What to call the classes that the page knows, by class session. */
  titles: Readonly<Record<string, string>>;
  strings: UnsentStrings;
  locale: string;
}) {
  const [sheets, setSheets] = useState<KeptSheet[]>([]);
  useEffect(() => {
    let isOver = false;
    void import("./state/sheet-draft")
      .then(({ keptSheets }) => keptSheets(teacherId))
      .then((kept) => {
        if (!isOver) setSheets(kept);
      });
    return () => {
      isOver = true;
    };
  }, [teacherId]);
  if (sheets.length === 0) return null;
  return (
    <ul className="grid gap-2">
      {sheets.map(({ classSessionId, draft }) => (
        <li key={classSessionId}>
          <Link
            href={`/classes/${classSessionId}`}
            className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-late-fg bg-late-tint px-4 py-2.5 text-late-fg"
          >
            <CloudOff className="size-5 shrink-0" aria-hidden="true" />
            <span className="font-medium">{titles[classSessionId] ?? strings.other}</span>
            <span className="flex-1">{fillPlural(strings.waiting, Object.keys(draft).length, locale)}</span>
            <span className="underline underline-offset-2">{strings.send}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
