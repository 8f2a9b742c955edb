import clsx from "clsx";
import type { ComponentProps } from "react";
import { Field, fieldParts, type NamedField } from "./field";
import { controlClass } from "./input";

export type TextareaFieldProps = Omit<ComponentProps<"textarea">, "id"> & NamedField;

/** Label, hint, text of several lines and error. It grows with its text where the browser can. */
export function TextareaField(props: TextareaFieldProps) {
  const [frame, rest] = fieldParts(props);
  return (
    <Field {...frame}>
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
