import clsx from "clsx";
import type { ComponentProps } from "react";
import { Field, fieldParts, type NamedField } from "./field";

/** Look of every one-line control: 44 px high, 16 px text (phones do not zoom in), edge of at least 3:1. */
export const controlClass = clsx(
  "min-h-11 w-full min-w-0 rounded-md border border-control bg-surface px-3 text-base text-text",
  "transition-colors hover:border-muted disabled:bg-sunken disabled:text-muted [&[readonly]]:bg-sunken",
  "aria-invalid:border-2 aria-invalid:border-absent-fg",
);

/** A bare one-line control; use `TextField` unless the label is elsewhere. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={clsx(controlClass, className)} />;
}

export type TextFieldProps = Omit<ComponentProps<"input">, "id"> & NamedField;

/** Label, hint, one-line input and error. The id is the name unless given. `className` is for the frame. */
export function TextField(props: TextFieldProps) {
  const [frame, rest] = fieldParts(props);
  return <Field {...frame}>{(control) => <Input {...rest} {...control} />}</Field>;
}
