import clsx from "clsx";
import type { ComponentProps } from "react";
import { Field, type FieldText } from "./field";
import { controlClass } from "./input";

export interface TextareaFieldProps extends Omit<ComponentProps<"textarea">, "id">, FieldText {
  name: string;
  id?: string | undefined;
}

/** Label, hint, text of several lines and error. It grows with its text where the browser can. */
export function TextareaField({
  label,
  hint,
  error,
  optionalLabel,
  hideLabel,
  className,
  id,
  ...rest
}: TextareaFieldProps) {
  return (
    <Field id={id ?? rest.name} {...{ label, hint, error, optionalLabel, hideLabel, className }}>
      {(control) => (
        <textarea
          rows={3}
          {...rest}
          {...control}
          className={clsx(controlClass, "field-sizing-content min-h-24! py-2")}
        />
      )}
    </Field>
  );
}
