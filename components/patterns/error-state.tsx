import type { ReactNode } from "react";

export interface ErrorStateProps {
  /** What failed. */
  title: string;
  /** What was kept. */
  kept?: ReactNode | undefined;
  /** "Try again" and another way. */
  actions?: ReactNode | undefined;
  /** Whole sentence with the request id; small. */
  reference?: string | undefined;
  level?: 1 | 2 | undefined;
}

/** Something failed: what, what was kept, how to go on, and a small reference for the office. */
export function ErrorState({ title, kept, actions, reference, level = 2 }: ErrorStateProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div role="alert" className="grid max-w-form gap-2 rounded-lg border border-border bg-surface p-6">
      <span className="mb-1 inline-flex size-11 items-center justify-center rounded-full bg-late-tint text-late-fg">
        {/* Drawn here: this goes into every page's error boundary, which must not carry the icon library. */}
        <svg
          viewBox="0 0 24 24"
          className="size-5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          aria-hidden="true"
        >
          <path d="M12 3.5 21.5 20h-19ZM12 10v4.5M12 17.2v.1" strokeLinejoin="round" />
        </svg>
      </span>
      <Heading className={level === 1 ? "text-2xl" : "text-lg"}>{title}</Heading>
      {kept === undefined ? null : <div className="text-muted">{kept}</div>}
      {actions === undefined ? null : <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      {reference === undefined ? null : <p className="mt-2 font-mono text-xs text-faint">{reference}</p>}
    </div>
  );
}
