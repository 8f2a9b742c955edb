import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { Field, type FieldText } from "./field";
import { Icon } from "./icon";
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

export interface SelectFieldProps extends Omit<ComponentProps<"select">, "id">, FieldText {
  name: string;
  id?: string | undefined;
}

/** Label, hint, select and error. */
export function SelectField({
  label,
  hint,
  error,
  optionalLabel,
  hideLabel,
  className,
  id,
  ...rest
}: SelectFieldProps) {
  return (
    <Field id={id ?? rest.name} {...{ label, hint, error, optionalLabel, hideLabel, className }}>
      {(control) => <Select {...rest} {...control} />}
    </Field>
  );
}
