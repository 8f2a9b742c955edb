"use client";

import { type ComponentProps, useEffect, useRef, useState } from "react";
import { buttonClass } from "./button-class";
import { Field, type FieldText } from "./field";
import { Input } from "./input";

export interface PasswordFieldProps extends Omit<ComponentProps<"input">, "id" | "type">, FieldText {
  name: string;
  id?: string | undefined;
  showLabel: string;
  hideLabelText: string;
}

/**
 * Password with a button that shows it. The field goes back to hidden when the form is sent, so that no browser stores
 * it as ordinary text. Without script it is a plain password field and the button is not drawn.
 */
export function PasswordField({
  label,
  hint,
  error,
  optionalLabel,
  hideLabel,
  className,
  id,
  showLabel,
  hideLabelText,
  ...rest
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  return (
    <Field id={id ?? rest.name} {...{ label, hint, error, optionalLabel, hideLabel, className }}>
      {(control) => (
        <span className="relative block">
          <Input
            spellCheck={false}
            autoCapitalize="none"
            autoCorrect="off"
            {...rest}
            {...control}
            ref={input}
            type={shown ? "text" : "password"}
            className="pe-20"
          />
          {/* Centred by margins: a button that is pressed moves by a pixel, which would undo a translation. */}
          <button
            type="button"
            aria-pressed={shown}
            aria-controls={control.id}
            onClick={() => setShown(!shown)}
            className={`${buttonClass({ variant: "quiet", size: "sm" })} absolute end-1 inset-y-0 my-auto h-fit noscript:hidden`}
          >
            {shown ? hideLabelText : showLabel}
          </button>
        </span>
      )}
    </Field>
  );
}
