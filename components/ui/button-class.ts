import clsx from "clsx";

const variants = {
  /** Ink. One on a screen: the most likely next act. */
  primary: "border-primary bg-primary text-on-primary hover:bg-primary-hover hover:border-primary-hover",
  secondary: "border-control bg-surface text-text hover:bg-sunken",
  quiet: "border-transparent bg-transparent text-text hover:bg-sunken",
  /** Only for what takes something away. */
  danger: "border-absent-fg bg-surface text-absent-fg hover:bg-absent-tint",
} as const;

const sizes = {
  /** For dense tables, where the pointer is a mouse. */
  xs: "min-h-6.5 gap-1 px-2.5 text-xs pointer-coarse:min-h-11 pointer-coarse:px-3 pointer-coarse:text-sm",
  sm: "min-h-8 gap-1.5 px-3 text-sm pointer-coarse:min-h-11",
  md: "min-h-10 gap-2 px-4 text-base pointer-coarse:min-h-11",
  lg: "min-h-14 gap-2 px-6 text-lg",
} as const;

const squares = {
  xs: "w-6.5 px-0! pointer-coarse:w-11",
  sm: "w-8 px-0! pointer-coarse:w-11",
  md: "w-10 px-0! pointer-coarse:w-11",
  lg: "w-14 px-0!",
} as const;

export type ButtonVariant = keyof typeof variants;
export type ButtonSize = keyof typeof sizes;

export interface ButtonLook {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  /** Square, for an icon alone (then the button needs an aria-label). */
  iconOnly?: boolean | undefined;
  /** As wide as its container. */
  block?: boolean | undefined;
}

/** Classes of a button, for elements that look like one: links, summaries, labels. */
export function buttonClass({ variant = "secondary", size = "md", iconOnly, block }: ButtonLook = {}): string {
  return clsx(
    "inline-flex items-center justify-center rounded-md border font-medium select-none",
    "transition-colors active:translate-y-px aria-disabled:translate-y-0 disabled:translate-y-0",
    "disabled:opacity-55 aria-disabled:opacity-55",
    variants[variant],
    sizes[size],
    iconOnly && squares[size],
    block && "w-full",
  );
}
