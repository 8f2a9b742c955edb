import clsx from "clsx";

/** Place of something that is still being read, in its size (`className`: h-5 w-40). It stands still. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={clsx("block rounded-md bg-border/70", className)} />;
}
