"use client";

import { fill } from "@/components/patterns/data/fill";
import { type ReactNode, useMemo } from "react";
import { LiveSeatsText } from "@/components/catalog/live-seats";
import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import { type Packed, unpack } from "@/components/patterns/data/packed";
import { Check, Icon } from "@/components/ui/icon";
import { TextLink } from "@/components/ui/text-link";
import type { LiveSeats } from "@/lib/catalog/schema";
import { dropDialogId } from "./drop-dialog-id";
import { EnrollForm, type EnrollFormProps } from "./enroll-form";
import { type Reason, ReasonWords } from "./reasons/reason-words";
import { RefusalRow } from "./section-act";

/** What a row of the list shows, in words. Each row names its course; `isAnother`: the row above has the same. */
export type SectionLine = {
  code: string;
  title: string;
  isAnother: boolean;
  /** The number alone, and with its word. */
  credits: readonly [string, string] | null;
  /** When, and where unless the next one is there too. */
  times: readonly (readonly [string, string | null])[];
  weeks: string | null;
  fits: boolean;
  /** Initials and family names, as a timetable has them, and the whole names. */
  teachers: readonly [string, string] | null;
  seats: LiveSeats;
  taken: number;
  place: EnrollFormProps["place"];
  /** Why it cannot be taken, when it cannot. */
  reason: Reason | null;
};

export type SectionRowWords = {
  noTime: string;
  fits: string;
  noTeacher: string;
  seats: { left: string; overfilled: string; none: string };
  /** With `{section}`, and what is for screen readers alone in <hidden>. */
  enroll: string;
  drop: string;
  enrolling: string;
  enrolled: string;
  echo: string;
  full: string;
};

const COLUMNS = 7;

/** The rows of the list, a body a course. Words come filled in, so that the page carries each row once. */
export function SectionRows({
  packed,
  words,
  list,
}: {
  packed: Packed<SectionLine[]>;
  words: SectionRowWords;
  /** The list's own address, for the way back from a section's page. */
  list: SectionAddress;
}) {
  const lines = useMemo(() => unpack(packed), [packed]);
  const enrolled = (
    <span className="inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap text-present-fg max-md:text-sm">
      <Icon icon={Check} size="sm" />
      {words.enrolled}
    </span>
  );
  return coursesOf(lines).map((group) => (
    <tbody
      key={group[0]?.seats.id}
      role="rowgroup"
      className="border-border max-md:mb-2 max-md:grid max-md:gap-2 md:border-t"
    >
      {group.map((line) => (
        <Row key={line.seats.id} {...{ line, words, enrolled, list }} />
      ))}
    </tbody>
  ));
}

type RowProps = { line: SectionLine; words: SectionRowWords; enrolled: ReactNode; list: SectionAddress };

function Row({ line, words, enrolled, list }: RowProps) {
  const { seats, code, title, credits, times, teachers, place, reason } = line;
  const about = `${code}, ${title}`;
  const href = sectionHref(seats.id, list);
  const isBlocked = place === "blocked" || (place === "free" && seats.seatsAvailable === 0);
  return (
    <>
      <tr role="row" data-section={seats.id} className="section-row">
        <th role="rowheader" scope="row" className="section-code">
          <TextLink quiet href={href}>
            {code}
          </TextLink>
        </th>
        <td role="cell" title={title} className={line.isAnother ? "section-course md:text-muted" : "section-course"}>
          <span>
            {title}
            {credits === null ? null : <span className="text-sm text-muted md:hidden"> · {credits[1]}</span>}
          </span>
        </td>
        <td role="cell" className="section-credits">
          {credits?.[0]}
        </td>
        <td role="cell" className="section-time">
          {times.length === 0 ? <span className="text-muted">{words.noTime}</span> : null}
          {times.map(([when, where], index) => (
            <span key={index}>
              <span className="whitespace-nowrap">{when}</span>
              {where === null ? null : <span className="whitespace-nowrap text-muted"> · {where}</span>}
              {index < times.length - 1 ? ", " : null}
            </span>
          ))}
          {line.fits ? <span className="sr-only"> {words.fits}</span> : null}
          {line.weeks === null ? null : <span className="text-muted"> · {line.weeks}</span>}
        </td>
        <td role="cell" className="section-teacher">
          {teachers === null ? (
            words.noTeacher
          ) : (
            <>
              <span aria-hidden="true" title={teachers[1]}>
                {teachers[0]}
              </span>
              <span className="sr-only">{teachers[1]}</span>
            </>
          )}
        </td>
        <td role="cell" className="section-seats">
          <LiveSeatsText initial={seats} taken={line.taken} words={words.seats} />
        </td>
        <td
          role="cell"
          className={isBlocked ? "section-act max-md:max-w-44 max-md:text-end max-md:text-sm" : "section-act"}
        >
          <EnrollForm
            seats={seats}
            place={place}
            dropDialogId={dropDialogId(seats.id)}
            detailHref={href}
            size="xs"
            words={{
              about,
              enroll: named(words.enroll, about),
              enrolling: words.enrolling,
              enrolled,
              echo: fill(words.echo, { section: code }),
              drop: named(words.drop, about),
              full: words.full,
            }}
          >
            {reason === null ? null : (
              <p className="text-muted">
                <ReasonWords reason={reason} list={list} isShort />
              </p>
            )}
          </EnrollForm>
        </td>
      </tr>
      <RefusalRow sectionId={seats.id} columns={COLUMNS} />
    </>
  );
}

/** Words with the section's name in them, of which the part in <hidden> is for screen readers. */
function named(words: string, section: string): ReactNode {
  const [before = "", hidden = "", after = ""] = words.split(/<\/?hidden>/).map((part) => fill(part, { section }));
  return (
    <>
      {before}
      <span className="sr-only">{hidden}</span>
      {after}
    </>
  );
}

function coursesOf(lines: readonly SectionLine[]): SectionLine[][] {
  const groups: SectionLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && line.isAnother) last.push(line);
    else groups.push([line]);
  }
  return groups;
}
