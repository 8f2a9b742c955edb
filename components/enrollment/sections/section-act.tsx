"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { FormAction } from "./action-answer";
import { useFormAnswer } from "./use-form-answer";

type Act = ReturnType<typeof useFormAnswer>;
const ActContext = createContext<Act | null>(null);

/** Around all that belongs to one section: what its button was answered is known to each part of it. */
export function SectionAct({ action, lost, children }: { action: FormAction; lost: string; children: ReactNode }) {
  return <ActContext value={useFormAnswer(action, { lost })}>{children}</ActContext>;
}

/** The act of the section that this stands in. */
export function useSectionAct(): Act {
  const act = useContext(ActContext);
  if (!act) throw new Error("a part of a section stands outside its SectionAct");
  return act;
}

/** Why a press did not work; nothing while there is nothing to say. */
export function Refusal() {
  const { state } = useSectionAct();
  if (state.status !== "failed") return null;
  return (
    <p role="alert" className="text-sm font-medium text-absent-fg">
      {state.message}
    </p>
  );
}

/** The same as a row of the table, over its full width. */
export function RefusalRow({
  sectionId,
  columns,
  className,
}: {
  sectionId: string;
  columns: number;
  className: string;
}) {
  const { state } = useSectionAct();
  if (state.status !== "failed") return null;
  return (
    <tr role="row" data-section={sectionId} className={className}>
      <td role="cell" colSpan={columns} className="max-md:block md:px-3 md:pb-1.5">
        <Refusal />
      </td>
    </tr>
  );
}
