import type { ReactNode } from "react";

/** What a control must carry so that its label, hint and error are tied to it. Spread it on the control. */
export interface FieldControl {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export interface FieldText {
  label: ReactNode;
  hint?: ReactNode | undefined;
  /** Says how to mend it ("Select a day"). Present means wrong. */
  error?: string | undefined;
  /** The word "optional" in the reader's language; required is the rule and has no mark. */
  optionalLabel?: string | undefined;
  /** For fields whose meaning is plain from the place, e.g. a search field. */
  hideLabel?: boolean | undefined;
}

/** What a control with its own frame takes besides its own properties. The id is the name unless given. */
export interface NamedField extends FieldText {
  name: string;
  id?: string | undefined;
  /** For the frame. */
  className?: string | undefined;
}

/** The properties of a control with its own frame, apart: first those of `Field`, then those of the control. */
export function fieldParts<Props extends NamedField>(props: Props) {
  const { label, hint, error, optionalLabel, hideLabel, className, id, ...control } = props;
  return [{ id: id ?? props.name, label, hint, error, optionalLabel, hideLabel, className }, control] as const;
}

/** Ids and states of the control of a field; for controls that `Field` does not wrap. */
export function fieldControl(id: string, text: Pick<FieldText, "hint" | "error">): FieldControl {
  const ids = [text.hint === undefined ? "" : `${id}-hint`, text.error === undefined ? "" : `${id}-error`].filter(
    Boolean,
  );
  return {
    id,
    "aria-describedby": ids.length === 0 ? undefined : ids.join(" "),
    "aria-invalid": text.error === undefined ? undefined : true,
  };
}

/** Error line under or above a control. */
export function FieldError({ id, children }: { id: string; children: string }) {
  return (
    <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm font-medium text-absent-fg">
      {/* Drawn here: fields are in client leaves of the lightest pages, which must not carry the icon library. */}
      <svg viewBox="0 0 16 16" className="mt-0.5 size-4 shrink-0" fill="none" stroke="currentColor" aria-hidden="true">
        <circle cx="8" cy="8" r="6.25" strokeWidth="1.5" />
        <path d="M8 4.75v3.75M8 11v.1" strokeWidth="1.75" strokeLinecap="round" />
      </svg>
      {children}
    </p>
  );
}

export interface FieldProps extends FieldText {
  id: string;
  className?: string | undefined;
  children: (control: FieldControl) => ReactNode;
}

/** Label above, then hint, control, error: the frame of one control. */
export function Field({ id, label, hint, error, optionalLabel, hideLabel, className, children }: FieldProps) {
  return (
    <div className={`grid content-start gap-1.5 ${className ?? ""}`}>
      <label htmlFor={id} className={hideLabel === true ? "sr-only" : "font-medium"}>
        {label}
        {optionalLabel === undefined ? null : <span className="font-normal text-muted"> ({optionalLabel})</span>}
      </label>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="-mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
      {children(fieldControl(id, { hint, error }))}
      {error === undefined ? null : <FieldError id={id}>{error}</FieldError>}
    </div>
  );
}
