import { Check, Icon } from "@/components/ui/icon";

export interface StepsProps {
  /** Names the list for screen readers. */
  label: string;
  steps: readonly string[];
  /** Index of the one that is being done. */
  current: number;
  /** Read out after the name of a step that is done. */
  doneLabel: string;
}

/** Where somebody is in a task of several pages. The page's heading says the step as well. */
export function Steps({ label, steps, current, doneLabel }: StepsProps) {
  return (
    <ol aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? "step" : undefined}
          className={index === current ? "font-semibold" : "text-muted"}
        >
          <span className="flex items-center gap-1">
            {index < current ? <Icon icon={Check} size="sm" /> : <span className="tabular">{index + 1}.</span>}
            {step}
            {index < current ? <span className="sr-only"> ({doneLabel})</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}
