import type { ReactNode } from "react";

/** Facts of one thing: term and value in two columns, one below the other on a phone. */
export function DescriptionList({ items }: { items: readonly { term: string; value: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[minmax(8rem,auto)_1fr] sm:gap-y-2">
      {items.map((item) => (
        <div key={item.term} className="sm:contents">
          <dt className="text-sm leading-6 text-muted">{item.term}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
