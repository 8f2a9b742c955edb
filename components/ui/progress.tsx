import clsx from "clsx";

/** Share of a whole as a thin bar. The words beside it carry the number; `label` names it for screen readers. */
export function Progress({
  value,
  max,
  label,
  className,
}: {
  value: number;
  max: number;
  label: string;
  className?: string | undefined;
}) {
  return (
    <progress
      aria-label={label}
      max={Math.max(max, 1)}
      value={Math.min(Math.max(value, 0), Math.max(max, 1))}
      className={clsx("bar w-full", className)}
    />
  );
}

/** Seats of a section: the words ("3 of 30 left") and a bar that shows as much as is left. The words are the message. */
export function SeatBar({
  taken,
  capacity,
  children,
  className,
}: {
  taken: number;
  capacity: number;
  /** The number in words. */
  children: string;
  className?: string | undefined;
}) {
  const full = taken >= capacity;
  return (
    <span className={clsx("seat-bar", className)}>
      <span className={full ? "text-muted" : undefined}>{children}</span>
      <progress aria-hidden="true" max={Math.max(capacity, 1)} value={Math.max(0, capacity - taken)} className="bar" />
    </span>
  );
}
