import clsx from "clsx";
import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, Icon, Info, TriangleAlert } from "./icon";

const tones = {
  info: { icon: Info, className: "border-border bg-surface text-text [--mark:var(--accent)]" },
  success: {
    icon: CircleCheck,
    className: "border-present-fg/30 bg-present-tint text-text [--mark:var(--present-fg)]",
  },
  warning: { icon: TriangleAlert, className: "border-late-fg/30 bg-late-tint text-text [--mark:var(--late-fg)]" },
  error: {
    icon: CircleAlert,
    className: "border-absent-fg/30 bg-absent-tint text-text [--mark:var(--absent-fg)]",
  },
} as const;

export interface AlertProps {
  tone?: keyof typeof tones | undefined;
  title?: string | undefined;
  /** `alert` interrupts, `status` waits its turn; leave out for what was there when the page loaded. */
  role?: "alert" | "status" | undefined;
  /** Buttons or links that mend it. */
  actions?: ReactNode | undefined;
  className?: string | undefined;
  children?: ReactNode | undefined;
}

/** Message that stays in its place: what happened, what was kept, what to do now. */
export function Alert({ tone = "info", title, role, actions, className, children }: AlertProps) {
  const look = tones[tone];
  return (
    <div role={role} className={clsx("flex items-start gap-3 rounded-lg border px-4 py-3", look.className, className)}>
      <Icon icon={look.icon} className="mt-0.5 text-(--mark)" />
      <div className="grid min-w-0 flex-1 gap-1">
        {title === undefined ? null : <p className="font-semibold">{title}</p>}
        {children === undefined ? null : <div>{children}</div>}
        {actions === undefined ? null : <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
