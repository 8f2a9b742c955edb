import { useMemo } from "react";
import { encode } from "uqr";

/** A text as a QR code, for a phone to read; who cannot see it finds the text beside it. */
export function QrCode({ text, className }: { text: string; className: string }) {
  const { size, path } = useMemo(() => codeOf(text), [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} aria-hidden="true" className={className} shapeRendering="crispEdges">
      {/* Dark on light in every theme: readers do not take the opposite. */}
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}

/** The code as one path of unit squares, with the quiet zone of four that readers want (ISO/IEC 18004). */
function codeOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: dark.join("") };
}
