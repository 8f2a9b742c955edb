import clsx from "clsx";
import type { ComponentProps } from "react";
import { buttonClass, type ButtonLook } from "./button-class";
import { Spinner } from "./spinner";

export interface ButtonProps extends ComponentProps<"button">, ButtonLook {
  /** Work is under way: a spinner, no second press; the width and the focus stay. */
  pending?: boolean | undefined;
}

/** A button. Its words say the outcome; `type` is "button" unless it submits. `className` is for layout only. */
export function Button({
  variant,
  size,
  iconOnly,
  block,
  pending,
  className,
  children,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={pending === true ? true : rest["aria-disabled"]}
      aria-busy={pending === true ? true : undefined}
      className={clsx(buttonClass({ variant, size, iconOnly, block }), className)}
    >
      {pending === true ? <Spinner /> : null}
      {children}
    </button>
  );
}
