"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "./button";

/** Submit button of the form around it: shows that the form is being sent and takes no second press meanwhile. */
export function SubmitButton({ pendingLabel, children, ...rest }: ButtonProps & { pendingLabel?: ReactNode }) {
  const { pending } = useFormStatus();
  return (
    <Button
      variant="primary"
      {...rest}
      type="submit"
      pending={pending}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else rest.onClick?.(event);
      }}
    >
      {pending && pendingLabel !== undefined ? pendingLabel : children}
    </Button>
  );
}
