import clsx from "clsx";
import type { ReactNode } from "react";
import { buttonClass, type ButtonLook } from "./button-class";

export interface PopoverProps extends ButtonLook {
  id: string;
  /** Content of the button. */
  trigger: ReactNode;
  triggerLabel?: string | undefined;
  triggerClassName?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/**
 * Native popover with its button: opens without script, closes by Esc or a press outside, focus returns. Holds links,
 * buttons and forms in plain order; it is no ARIA menu, so Tab moves through it.
 */
export function Popover({ id, trigger, triggerLabel, triggerClassName, className, children, ...look }: PopoverProps) {
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={triggerLabel}
        className={clsx(buttonClass(look), triggerClassName)}
      >
        {trigger}
      </button>
      <div
        id={id}
        popover="auto"
        className={clsx("anchored min-w-48 rounded-lg border border-border bg-surface p-1.5 shadow-float", className)}
      >
        {children}
      </div>
    </>
  );
}

/** Class of a link or button that is a line in a popover. */
export const menuItemClass =
  "flex min-h-9 w-full items-center gap-2.5 rounded-md px-2.5 text-start text-sm -outline-offset-2 hover:bg-sunken pointer-coarse:min-h-11";
