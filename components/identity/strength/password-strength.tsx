"use client";

import { useEffect, useState } from "react";
import { fill } from "@/components/patterns/data/fill";
import { LiveRegion } from "@/components/ui/live-region";
import type { Weakness } from "./weakness";

/** A sentence for each; `length` has `{count}` and `{least}`. */
export type StrengthWords = Record<Weakness | "length", string>;

/** Somebody who types is not interrupted. */
const PAUSE_MS = 500;

/**
 * Says in words how guessable a password is, while it is typed, and what makes it better. What judges is loaded with the
 * first character. It decides nothing: the server does, which also knows names that are not told here.
 */
export function PasswordStrength({
  password,
  least,
  email,
  words,
}: {
  password: string;
  least: number;
  email: string;
  words: StrengthWords;
}) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    let isOver = false;
    const say = async () => {
      if (password === "") return setSaid("");
      const count = [...password].length;
      if (count < least) return setSaid(fill(words.length, { count, least }));
      const { weaknessOf } = await import("./meter");
      if (!isOver) setSaid(words[weaknessOf(password, email.split(/[^\p{L}\p{N}]+/u))]);
    };
    // Without a connection nothing is said here; the server says it when the form is sent.
    const timer = setTimeout(() => void say().catch(() => setSaid("")), PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [password, least, email, words]);
  return (
    <LiveRegion visible className="-mt-3.5 min-h-5 text-sm text-muted">
      {said}
    </LiveRegion>
  );
}
