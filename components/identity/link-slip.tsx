"use client";

import { QrCode } from "./qr-code";

export interface LinkSlipProps {
  link: { name: string; email: string; url: string };
  school: string;
  /** What to do with it. */
  open: string;
}

/** One person's slip of a sheet: whose it is, and the link as a code for a phone and as text. */
export function LinkSlip({ link: { name, email, url }, school, open }: LinkSlipProps) {
  return (
    <li className="flex break-inside-avoid items-center gap-4 rounded-lg border border-dashed border-control bg-surface p-4">
      <QrCode text={url} className="size-28 shrink-0" />
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
