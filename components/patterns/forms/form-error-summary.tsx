"use client";

import { useEffect, useRef } from "react";

export interface FormErrorSummaryProps {
  title: string;
  /** `fieldId` is the id of the control; without one the line is plain text. */
  errors: readonly { fieldId?: string; message: string }[];
}

/** What is wrong with a form, at its top, each line leading to its field; takes the focus when it appears. */
export function FormErrorSummary({ title, errors }: FormErrorSummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);

  if (errors.length === 0) return null;
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      // For a form that was sent without script: there the browser itself moves the focus.
      autoFocus
      className="rounded-lg border border-absent-fg/40 border-s-4 border-s-absent-fg bg-absent-tint px-4 py-3 text-absent-fg"
    >
      <h2 className="text-base">{title}</h2>
      <ul className="mt-1 grid gap-1">
        {errors.map((error) => (
          <li key={`${error.fieldId ?? ""}:${error.message}`}>
            {error.fieldId === undefined ? (
              error.message
            ) : (
              <a
                href={`#${error.fieldId}`}
                className="inline-flex min-h-6 items-center font-medium underline pointer-coarse:min-h-11"
              >
                {error.message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
