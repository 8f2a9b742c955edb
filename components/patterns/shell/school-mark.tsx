import clsx from "clsx";

/** The mark of the product: an open register. */
export function SchoolMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={clsx("size-8 shrink-0", className)}>
      <rect width="32" height="32" rx="8" className="fill-primary" />
      <path
        d="M9 10.5h9M9 16h6M9 21.5h4"
        className="stroke-on-primary"
        strokeWidth="2.5"
        strokeLinecap="round"
        fill="none"
      />
      <path
        d="m16.5 20.5 2.8 2.8 5-6.3"
        className="stroke-on-primary"
        strokeWidth="2.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        fill="none"
      />
    </svg>
  );
}
