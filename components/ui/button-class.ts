import clsx from "clsx";

/** Looks of a button, each a class of app/globals.css. */
const variants = {
  /** Ink. One on a screen: the most likely next act. */
  primary: "btn-primary",
  secondary: "btn-secondary",
  quiet: "btn-quiet",
  /** Only for what takes something away. */
  danger: "btn-danger",
} as const;

const sizes = {
  /** For dense tables, where the pointer is a mouse. */
  xs: "btn-xs",
  sm: "btn-sm",
  md: "btn-md",
  lg: "btn-lg",
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
  return clsx("btn", variants[variant], sizes[size], iconOnly && squares[size], block && "w-full");
}
