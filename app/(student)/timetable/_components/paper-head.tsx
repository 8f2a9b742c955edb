"use client";

import { fill } from "@/components/patterns/data/fill";
import { useEffect, useState } from "react";
import { dateWords } from "@/messages/dates";

/** On paper only, in the place of the page's header: which week, whose, of which school, printed when. A page may be open for days before somebody prints it. */
export function PaperHead({
  title,
  school,
  name,
  now,
  timeZone,
  locale,
  words,
}: {
  title: string;
  school: string;
  name: string;
  now: string;
  timeZone: string;
  locale: string;
  words: string;
}) {
  const [atMs, setAtMs] = useState(Date.parse(now));
  useEffect(() => {
    const openedAtMs = Date.now();
    const serverMs = Date.parse(now);
    const look = () => setAtMs(serverMs + Date.now() - openedAtMs);
    window.addEventListener("beforeprint", look);
    return () => window.removeEventListener("beforeprint", look);
  }, [now]);
  const date = dateWords(atMs, locale, { day: "numeric", month: "long", year: "numeric", timeZone });
  return (
    <p className="mb-2 hidden items-baseline gap-4 text-sm print:flex">
      <span className="text-base font-semibold">{title}</span>
      <span>{name}</span>
      <span>{school}</span>
      <span className="ms-auto">{fill(words, { date })}</span>
    </p>
  );
}
