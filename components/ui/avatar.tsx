import clsx from "clsx";

const sizes = { sm: "size-7 text-xs", md: "size-9 text-sm", lg: "size-12 text-lg" } as const;

/** First letters of the first and the last part of a name; works by code point, so no letter is cut in two. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const picked = parts.length > 1 ? [parts.at(0), parts.at(-1)] : [parts.at(0)];
  return picked
    .map((part) => Array.from(part ?? "").at(0) ?? "")
    .join("")
    .toLocaleUpperCase();
}

/** Initials of a person whose name is written beside them; hidden from screen readers for that reason. */
export function Avatar({
  name,
  size = "md",
  className,
}: {
  name: string;
  size?: keyof typeof sizes | undefined;
  className?: string | undefined;
}) {
  return (
    <span aria-hidden="true" className={clsx("face", sizes[size], className)}>
      {initials(name)}
    </span>
  );
}
