"use client";

import { Keyboard, X } from "@/components/ui/icon";
import { memo } from "react";
import { buttonClass } from "@/components/ui/button-class";
import { Checkbox } from "@/components/ui/choice";
import { Kbd } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import { HELP_ID } from "../control/grid-dom";
import type { GridStrings } from "../state/grid-strings";
import { setSingleKeys, useSingleKeys } from "../control/single-keys";

/** The keys of the grid, and the switch for those that are a single letter, digit or sign (WCAG 2.1.4). */
export const KeyList = memo(function KeyList({ strings }: { strings: GridStrings }) {
  const isOn = useSingleKeys();
  return (
    <div className="ms-auto pointer-coarse:hidden">
      <Popover
        id={HELP_ID}
        variant="quiet"
        triggerClassName="max-2xl:px-2.5!"
        // In the middle of the screen: far down in a long list its button, to which it would be tied, is out of sight.
        className="inset-0! m-auto! h-fit max-h-[calc(100dvh-2rem)] w-lg max-w-[calc(100vw-2rem)] overflow-y-auto p-4 [position-area:none]!"
        trigger={
          <>
            <Keyboard className="size-5 shrink-0" aria-hidden="true" />
            <span className="max-2xl:sr-only">{strings.keysTitle}</span>
          </>
        }
      >
        <div role="group" aria-labelledby={`${HELP_ID}-title`} tabIndex={-1}>
          <div className="mb-2 flex items-center justify-between gap-4">
            <h2 id={`${HELP_ID}-title`} className="text-lg">
              {strings.keysTitle}
            </h2>
            <button
              type="button"
              popoverTarget={HELP_ID}
              popoverTargetAction="hide"
              aria-label={strings.closeDetails}
              className={buttonClass({ variant: "quiet", size: "sm", iconOnly: true })}
            >
              <X className="size-5" aria-hidden="true" />
            </button>
          </div>
          <p className="mb-3 text-sm text-muted">{strings.keysIntro}</p>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
            {linesOf(strings).map(([names, meaning]) => (
              <div key={meaning} className="contents">
                <dt className="flex flex-wrap items-start gap-1">
                  {names.map((name) => (
                    <Kbd key={name}>{name}</Kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </div>
        <Checkbox
          name="singleKeys"
          label={strings.singleKeys}
          hint={strings.singleKeysHint}
          checked={isOn}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
          className="mt-3 border-t border-border pt-3"
        />
      </Popover>
    </div>
  );
});

function linesOf({ keys, keyNames, letters }: GridStrings): [readonly string[], string][] {
  const { control, shift } = keyNames;
  return [
    [["↑", "↓"], keys.move],
    [[keyNames.pageUp, keyNames.pageDown], keys.page],
    [[`${control} ${keyNames.home}`, `${control} ${keyNames.end}`], keys.ends],
    [[letters.PRESENT, letters.ABSENT, letters.LATE, letters.EXCUSED, "1", "2", "3", "4"], keys.mark],
    [[`${shift} ↑`, `${shift} ↓`], keys.range],
    [["0", keyNames.delete], keys.clear],
    [["/"], keys.find],
    [[letters.minutes], keys.minutes],
    [["F2"], keys.note],
    [[`${shift} ${letters.PRESENT}`], keys.fill],
    [[`${control} Z`, `${control} ${shift} Z`], keys.undo],
    [[`${control} ${keyNames.enter}`], keys.primary],
    [["→"], keys.buttons],
    [["?"], keys.help],
  ];
}
