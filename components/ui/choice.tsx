import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { fieldControl, FieldError } from "./field";

interface ChoiceProps extends Omit<ComponentProps<"input">, "id" | "type" | "name" | "size"> {
  name: string;
  label: ReactNode;
  hint?: ReactNode | undefined;
  id?: string | undefined;
}

function Choice({ type, label, hint, id, className, ...rest }: ChoiceProps & { type: "checkbox" | "radio" }) {
  const ownId = id ?? [rest.name, rest.value].filter((part) => part !== undefined).join("-");
  return (
    <label
      className={clsx("flex min-h-8 items-start gap-3 py-1 pointer-coarse:min-h-11 pointer-coarse:py-2.5", className)}
    >
      <input
        {...rest}
        {...fieldControl(ownId, { hint })}
        type={type}
        className="mt-0.5 size-5 shrink-0 accent-primary disabled:opacity-55"
      />
      <span className="grid">
        {label}
        {hint === undefined ? null : (
          <span id={`${ownId}-hint`} className="text-sm text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

/** One box to tick; the whole line is the target. */
export function Checkbox(props: ChoiceProps) {
  return <Choice type="checkbox" {...props} />;
}

/** One of several; put them in a `Fieldset`. */
export function Radio(props: ChoiceProps) {
  return <Choice type="radio" {...props} />;
}

export interface FieldsetProps {
  id: string;
  legend: ReactNode;
  hint?: ReactNode | undefined;
  error?: string | undefined;
  hideLegend?: boolean | undefined;
  /** Beside each other instead of below. */
  inline?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** Group of controls with one name, hint and error. */
export function Fieldset({ id, legend, hint, error, hideLegend, inline, className, children }: FieldsetProps) {
  const { "aria-describedby": describedBy, "aria-invalid": invalid } = fieldControl(id, { hint, error });
  return (
    <fieldset
      id={id}
      aria-describedby={describedBy}
      className={clsx("min-w-0", invalid === true && "border-s-3 border-absent-fg ps-3", className)}
    >
      <legend className={hideLegend === true ? "sr-only" : "font-medium"}>{legend}</legend>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error === undefined ? null : <FieldError id={id}>{error}</FieldError>}
      <div className={clsx("mt-1 flex", inline === true ? "flex-wrap gap-x-6" : "flex-col")}>{children}</div>
    </fieldset>
  );
}

export interface RadioGroupProps extends Omit<FieldsetProps, "children" | "id"> {
  name: string;
  options: readonly { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  defaultValue?: string | undefined;
}

/** A question with one answer, as radios. */
export function RadioGroup({ name, options, defaultValue, ...frame }: RadioGroupProps) {
  return (
    <Fieldset id={name} {...frame}>
      {options.map(({ value, ...option }) => (
        <Radio key={value} name={name} value={value} defaultChecked={value === defaultValue} {...option} />
      ))}
    </Fieldset>
  );
}
