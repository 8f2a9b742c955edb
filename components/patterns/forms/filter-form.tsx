"use client";

import { useRouter } from "next/navigation";
import {
  type FormEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
  useTransition,
} from "react";
import { Spinner } from "@/components/ui/spinner";
import { fillFields, isTyped, queryOf } from "./filter-query";

const PAUSE_MS = 250;
const ASK_AGAIN_MS = 3_000;
const ANSWER_WITHIN_MS = 4_000;

export interface FilterFormProps {
  action: string;
  label: string;
  /** What the page is filtered by now, as `queryOf` writes it. */
  query: string;
  /** What the page takes when the query does not name it, as a query. */
  defaults?: string | undefined;
  fields: ReactNode;
  /** The number of results and what is filtered; its links are filters as well. */
  children: ReactNode;
  /** Stands before the results; then both are above the fields. */
  heading?: ReactNode | undefined;
  /** Said while the server cannot be reached. */
  unreachable: string;
}

/**
 * Filters that apply as they are changed. The address stays the state: each change is a navigation within the page, so
 * that back, forward and a shared link work; without script it is a plain GET form. A navigation without a connection
 * would end at the browser's own error page, so the server is asked for a sign of life while the typing pauses.
 */
export function FilterForm({
  action,
  label,
  query,
  defaults,
  fields,
  heading,
  children,
  unreachable,
}: FilterFormProps) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(query);
  const underWay = useRef(new Set<string>());
  const typedIn = useRef<string | null>(null);
  const [pending, startTransition] = useTransition();
  const [isCutOff, setCutOff] = useState(false);

  /** Goes to the list that the fields ask for. Typing on in one field replaces its own step in the history. */
  const apply = useCallback(
    async (field: string | null, alive: Promise<boolean>): Promise<void> => {
      const isAlive = await alive;
      setCutOff(!isAlive);
      if (!isAlive || !form.current) return;
      const wanted = queryOf(new FormData(form.current), defaults);
      if (wanted === sent.current) return;
      const isSameStep = field !== null && field === typedIn.current;
      sent.current = wanted;
      underWay.current.add(wanted);
      typedIn.current = field;
      const href = wanted === "" ? action : `${action}?${wanted}`;
      startTransition(() =>
        isSameStep ? router.replace(href, { scroll: false }) : router.push(href, { scroll: false }),
      );
    },
    [action, defaults, router],
  );

  useEffect(() => {
    const isOurs = underWay.current.has(query);
    if (query === sent.current) underWay.current.clear();
    if (!form.current || query === sent.current || isOurs) return; // ours, but asked before the last key: more is coming
    // Back, forward, a link elsewhere: the fields follow.
    clearTimeout(timer.current);
    sent.current = query;
    typedIn.current = null;
    fillFields(form.current.elements, query, defaults);
  }, [query, defaults]);

  useEffect(() => {
    // Chosen before the script was there, or kept by the browser over a reload.
    if (form.current && queryOf(new FormData(form.current), defaults) !== sent.current) void apply(null, signOfLife());
    return () => clearTimeout(timer.current);
  }, [apply, defaults]);

  useEffect(() => {
    if (!isCutOff) return;
    const again = setInterval(() => void apply(null, signOfLife()), ASK_AGAIN_MS);
    return () => clearInterval(again);
  }, [isCutOff, apply]);

  function onChange(event: FormEvent<HTMLFormElement>): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    clearTimeout(timer.current);
    const alive = signOfLife();
    const typed = isTyped(field);
    timer.current = setTimeout(() => void apply(typed ? field.name : null, alive), typed ? PAUSE_MS : 0);
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    clearTimeout(timer.current);
    event.currentTarget.querySelector<HTMLElement>(":popover-open")?.hidePopover();
    void apply(null, signOfLife());
  }

  function onClick(event: MouseEvent<HTMLDivElement>): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!form.current || !link || link.pathname !== action) return;
    event.preventDefault();
    clearTimeout(timer.current);
    fillFields(form.current.elements, link.search, defaults);
    event.currentTarget.focus(); // the link goes with its filter; the next press of Tab should not begin at the top
    void apply(null, signOfLife());
  }

  const results = (
    // Links keep their own keys and roles; this only takes their navigation.
    <div
      role="presentation"
      tabIndex={-1}
      onClickCapture={onClick}
      className="flex min-h-8 flex-wrap items-center gap-2"
    >
      {heading}
      {children}
      {pending ? <Spinner className="[animation:campus-enter_120ms_300ms_backwards] text-muted" /> : null}
    </div>
  );
  return (
    <div className={heading === undefined ? "mb-4 grid gap-3" : "mb-3 grid gap-2"} data-pending={pending || undefined}>
      {heading === undefined ? null : results}
      <form
        ref={form}
        role="search"
        aria-label={label}
        action={action}
        method="get"
        onChange={onChange}
        onSubmit={onSubmit}
        className="flex flex-wrap items-end gap-3"
      >
        {fields}
      </form>
      {heading === undefined ? results : null}
      <p role="status" className={isCutOff ? "text-sm font-medium text-late-fg" : "sr-only"}>
        {isCutOff ? unreachable : null}
      </p>
    </div>
  );
}

/** True when the server answers; what it answers does not matter, a gateway's "nobody there" is no answer of its own. */
async function signOfLife(): Promise<boolean> {
  try {
    const { status } = await fetch("/api/ping", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return status < 500;
  } catch {
    return false;
  }
}
