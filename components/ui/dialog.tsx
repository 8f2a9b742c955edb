import clsx from "clsx";
import type { ReactNode } from "react";
import { buttonClass } from "./button-class";
import { Icon, X } from "./icon";

export interface DialogProps {
  /** A `DialogTrigger` with this id opens it. */
  id: string;
  title: string;
  /** Word of the button that closes it. */
  closeLabel: string;
  /** Panel at the end of the screen (desktop), sheet from the foot (phone); else a box in the middle. */
  side?: boolean | undefined;
  children: ReactNode;
}

/**
 * The browser's modal dialog: focus goes in, Esc closes, the page behind is inert, focus returns. Close it from inside
 * with a button in a `<form method="dialog">`.
 */
export function Dialog({ id, title, closeLabel, side = false, children }: DialogProps) {
  return (
    <dialog
      id={id}
      aria-labelledby={`${id}-title`}
      className={clsx(
        "max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-border bg-surface p-0 shadow-float",
        side
          ? "max-sm:mb-0 max-sm:w-full max-sm:max-w-none max-sm:rounded-b-none sm:me-0 sm:h-dvh sm:max-h-none sm:rounded-e-none"
          : "max-sm:mb-4",
      )}
    >
      <div className="flex items-start justify-between gap-4 p-5 pb-0">
        <h2 id={`${id}-title`} className="text-xl">
          {title}
        </h2>
        <form method="dialog" className="-me-2 -mt-1.5">
          <button aria-label={closeLabel} className={buttonClass({ variant: "quiet", size: "sm", iconOnly: true })}>
            <Icon icon={X} />
          </button>
        </form>
      </div>
      <div className="p-5 pt-3">{children}</div>
    </dialog>
  );
}
