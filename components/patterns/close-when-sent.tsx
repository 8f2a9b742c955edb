"use client";

import { useEffect, useRef } from "react";
import { useFormStatus } from "react-dom";

/** In a form in a dialog: closes the dialog when the form has been answered; what the answer was is on the page. */
export function CloseWhenSent() {
  const { pending } = useFormStatus();
  const wasPending = useRef(false);
  const mark = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (wasPending.current && !pending) mark.current?.closest("dialog")?.close();
    wasPending.current = pending;
  }, [pending]);

  return <span ref={mark} hidden />;
}
