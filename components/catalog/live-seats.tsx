"use client";

import { fill } from "@/components/patterns/data/fill";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { SeatBar } from "@/components/ui/progress";
import { SectionStatusTag } from "@/components/ui/status-tag";
import type { LiveSeats, SectionStatus } from "@/lib/catalog/schema";
import { clockWords } from "@/messages/dates";
import { type Liveness, livenessOf } from "./liveness";

const EVERY_MS = 2_000;
/** A question that hangs is given up, so that the next one is asked. */
const ANSWER_WITHIN_MS = 4_000;
const MARK_MS = 1_000;

type Live = {
  seats: ReadonlyMap<string, LiveSeats>;
  updatedAtMs: number;
  failed: boolean;
  /** An answer has come, to this page or to one before it in the same place. */
  answered: boolean;
};
const nothing: Live = { seats: new Map(), updatedAtMs: 0, failed: false, answered: false };
const LiveContext = createContext<Live>(nothing);

export interface LiveSeatsProviderProps {
  /** The sections on the page, at most 100. */
  ids: readonly string[];
  /** When the server drew the page: what was asked before it is older than what the page shows. */
  renderedAt: string;
  children: ReactNode;
}

/** Asks for the seats of the sections on the page every two seconds while it is looked at. Rows never move by it. */
export function LiveSeatsProvider(props: LiveSeatsProviderProps) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Poll {...props} />
    </QueryClientProvider>
  );
}

function Poll({ ids, renderedAt, children }: LiveSeatsProviderProps) {
  const query = useQuery({
    queryKey: ["seats", renderedAt, ids],
    queryFn: ({ signal }) => askSeats(ids, signal),
    enabled: ids.length > 0,
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: "always",
    retry: false,
    networkMode: "always",
  });
  const [answered, setAnswered] = useState(false);
  if (query.isSuccess && !answered) setAnswered(true);
  const live: Live = {
    seats: query.data ?? nothing.seats,
    updatedAtMs: query.dataUpdatedAt,
    failed: query.isError,
    answered,
  };
  return <LiveContext value={live}>{children}</LiveContext>;
}

async function askSeats(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LiveSeats>> {
  const answer = await fetch(`/api/sections/seats?ids=${ids.join(",")}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });
  if (!answer.ok) throw new Error(`seats: ${answer.status}`);
  const { items } = (await answer.json()) as { items: LiveSeats[] };
  return new Map(items.map((item) => [item.id, item]));
}

/** The seats of a section now: live ones when there are, else those that the page came with. */
export function useLiveSeats(initial: LiveSeats): LiveSeats {
  return useContext(LiveContext).seats.get(initial.id) ?? initial;
}

/** "3 of 30 left" with its bar; a number that changes is underlined for a second and nothing moves. */
export function LiveSeatsText({
  initial,
  taken,
  words,
}: {
  initial: LiveSeats;
  /** What the page came with; more than the capacity when the office has over-filled the section. */
  taken: number;
  words: { left: string; overfilled: string; none: string };
}) {
  const seats = useLiveSeats(initial);
  const changed = useChanged(seats.seatsAvailable);
  const overfilled = seats.seatsAvailable === 0 && taken > seats.capacity;
  const text =
    seats.capacity === 0 && !overfilled
      ? words.none
      : fill(overfilled ? words.overfilled : words.left, {
          taken,
          left: seats.seatsAvailable,
          capacity: seats.capacity,
        });
  return (
    <SeatBar
      taken={overfilled ? taken : seats.capacity - seats.seatsAvailable}
      capacity={seats.capacity}
      className={changed ? "underline decoration-2 underline-offset-4" : undefined}
    >
      {text}
    </SeatBar>
  );
}

/** The status of a section, kept up with its seats. */
export function LiveStatusTag({ initial, words }: { initial: LiveSeats; words: Record<SectionStatus, string> }) {
  const { status } = useLiveSeats(initial);
  return (
    <SectionStatusTag status={status} size="sm">
      {words[status]}
    </SectionStatusTag>
  );
}

/** Says how old the numbers are. Without script it gives the time at which the page was made. */
export function LiveNotice({
  renderedAt,
  timeZone,
  locale,
  words,
}: {
  renderedAt: string;
  timeZone: string;
  locale: string;
  words: { fresh: string; asOf: string; stale: string };
}) {
  const { state, atMs } = useLiveness(renderedAt);
  const clock = clockWords(atMs, locale, timeZone);
  const text = fill({ "as-of": words.asOf, fresh: words.fresh, stale: words.stale }[state], { time: clock });
  return (
    <p data-live={state} className="text-sm text-muted tabular">
      {text}
    </p>
  );
}

/** Looks once a second, because nothing happens when an answer does not come. */
function useLiveness(renderedAt: string): Liveness {
  const live = useContext(LiveContext);
  const [looked, setLooked] = useState({ renderedAt, openedAtMs: 0, nowMs: 0 });
  useEffect(() => {
    const openedAtMs = Date.now();
    const timer = setInterval(() => setLooked({ renderedAt, openedAtMs, nowMs: Date.now() }), 1_000);
    return () => clearInterval(timer);
  }, [renderedAt]);
  const openedAtMs = looked.renderedAt === renderedAt ? looked.openedAtMs : looked.nowMs; // a new page opens now
  return livenessOf(live, { renderedAtMs: Date.parse(renderedAt), openedAtMs }, looked.nowMs);
}

function useChanged(value: number): boolean {
  const before = useRef(value);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    setChanged(true);
    const timer = setTimeout(() => setChanged(false), MARK_MS);
    return () => {
      clearTimeout(timer);
      setChanged(false);
    };
  }, [value]);
  return changed;
}
