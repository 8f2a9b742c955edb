import type { LucideIcon } from "lucide-react";

const sizes = { sm: "size-4", md: "size-5", lg: "size-6" } as const;

export interface IconProps {
  icon: LucideIcon;
  size?: keyof typeof sizes | undefined;
  /** Give it only when the icon stands without a word; else it is decoration and hidden from screen readers. */
  label?: string | undefined;
  className?: string | undefined;
}

/** One icon of the set, in the colour of the text around it. */
export function Icon({ icon: Glyph, size = "md", label, className }: IconProps) {
  const classes = `${sizes[size]} shrink-0 ${className ?? ""}`;
  return label === undefined ? (
    <Glyph className={classes} strokeWidth={2} aria-hidden="true" />
  ) : (
    <Glyph className={classes} strokeWidth={2} role="img" aria-label={label} />
  );
}
