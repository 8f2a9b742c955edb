import clsx from "clsx";
import type { ComponentProps } from "react";
import { Field, fieldParts, type NamedField } from "./field";
import { ChevronDown, Icon } from "./icon";
import { controlClass } from "./input";

/** The browser's own select in our frame; children are `<option>`. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return (
    <span className={clsx("relative block", className)}>
      <select {...rest} className={clsx(controlClass, "appearance-none pe-10")} />
      <Icon icon={ChevronDown} size="sm" className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2" />
    </span>
  );
}

export type SelectFieldProps = Omit<ComponentProps<"select">, "id"> & NamedField;

/** Label, hint, select and error. */
export function SelectField(props: SelectFieldProps) {
  const [frame, rest] = fieldParts(props);
  return <Field {...frame}>{(control) => <Select {...rest} {...control} />}</Field>;
}
