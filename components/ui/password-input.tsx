"use client";

import { type ComponentProps, useEffect, useRef, useState } from "react";
import { buttonClass } from "./button-class";
import { Field, fieldParts, type NamedField } from "./field";
import { Input } from "./input";

export type PasswordFieldProps = Omit<ComponentProps<"input">, "id" | "type"> &
  NamedField & { showLabel: string; hideLabelText: string };

/**
 * Password with a button that shows it. The field goes back to hidden when the form is sent, so that no browser stores
 * it as ordinary text. Without script it is a plain password field and the button is not drawn.
 */
export function PasswordField({ showLabel, hideLabelText, ...props }: PasswordFieldProps) {
  const [frame, rest] = fieldParts(props);
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setShown(false);
    form?.addEventListener("submit", hide);
    return () => form?.removeEventListener("submit", hide);
  }, []);

  return (
    <Field {...frame}>
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
