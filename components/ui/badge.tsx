import clsx from "clsx";
import type { ReactNode } from "react";

const tones = {
  neutral: "bg-sunken text-muted",
  ink: "bg-primary text-on-primary",
  accent: "bg-accent-soft text-accent",
} as const;

/** Small word or number beside a thing. Not for status: that is `StatusTag`. */
export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  tone?: keyof typeof tones | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <span
      className={clsx(
        "inline-flex min-h-5 min-w-5 items-center justify-center rounded-full px-1.5 text-xs font-medium whitespace-nowrap tabular",
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
