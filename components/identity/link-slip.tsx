"use client";

import { useMemo } from "react";
import { encode } from "uqr";

export interface LinkSlipProps {
  link: { name: string; email: string; url: string };
  school: string;
  /** What to do with it. */
  open: string;
}

/** One person's slip of a sheet: whose it is, and the link as a code for a phone and as text. */
export function LinkSlip({ link: { name, email, url }, school, open }: LinkSlipProps) {
  const { size, path } = useMemo(() => codeOf(url), [url]);
  return (
    <li className="flex break-inside-avoid items-center gap-4 rounded-lg border border-dashed border-control bg-surface p-4">
      <svg viewBox={`0 0 ${size} ${size}`} aria-hidden="true" className="size-28 shrink-0" shapeRendering="crispEdges">
        {/* Dark on light in every theme: readers do not take the opposite. */}
        <rect width={size} height={size} fill="white" />
        <path d={path} fill="black" />
      </svg>
      <div className="grid min-w-0 gap-1 text-sm">
        <p className="text-base font-semibold">{name}</p>
        <p>
          {school} · <span className="wrap-anywhere">{email}</span>
        </p>
        <p>{open}</p>
        <p className="wrap-anywhere">{url}</p>
      </div>
    </li>
  );
}

/** The code as one path of unit squares, with the quiet zone of four that readers want (ISO/IEC 18004). */
function codeOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: dark.join("") };
}
