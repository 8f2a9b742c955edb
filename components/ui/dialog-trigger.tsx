"use client";

import clsx from "clsx";
import type { ReactNode } from "react";
import { buttonClass, type ButtonLook } from "./button-class";

export interface DialogTriggerProps extends ButtonLook {
  dialogId: string;
  /** Page that does the same without script; then the trigger is a link. */
  fallbackHref?: string | undefined;
  "aria-label"?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** Opens the dialog with an id, as a modal. For use from script; nothing happens when there is no such dialog. */
export function openDialog(id: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) dialog.showModal();
  // React focuses `autoFocus` when it mounts, while the dialog is closed, and leaves no attribute for the browser.
  dialog.querySelector<HTMLElement>("[data-first-focus]")?.focus();
  return true;
}

/** Button that opens a `Dialog` on the same page. */
export function DialogTrigger({
  dialogId,
  fallbackHref,
  className,
  children,
  variant,
  size,
  iconOnly,
  block,
  ...rest
}: DialogTriggerProps) {
  const classes = clsx(buttonClass({ variant, size, iconOnly, block }), className);
  if (fallbackHref !== undefined) {
    return (
      <a
        {...rest}
        href={fallbackHref}
        className={classes}
        onClick={(event) => {
          if (openDialog(dialogId)) event.preventDefault();
        }}
      >
        {children}
      </a>
    );
  }
  return (
    <button {...rest} type="button" aria-haspopup="dialog" className={classes} onClick={() => openDialog(dialogId)}>
      {children}
    </button>
  );
}
