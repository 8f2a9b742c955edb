"use client";

import { useCallback, useEffect, useRef, useState } from "react";

const BATCH_MS = 500;

/** Text for the polite live region: what is said within half a second is said once, the last sentence of it. */
export function useAnnouncer(): { said: string; say: (sentence: () => string) => void } {
  const [said, setSaid] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = useCallback((sentence: () => string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(sentence()), BATCH_MS);
  }, []);
  return { said, say };
}
