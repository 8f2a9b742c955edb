import { Specimen } from "./specimen";

const swatches = [
  ["bg", "bg-bg text-text"],
  ["surface", "bg-surface text-text"],
  ["sunken", "bg-sunken text-muted"],
  ["primary", "bg-primary text-on-primary"],
  ["accent-soft", "bg-accent-soft text-accent"],
  ["present-tint", "bg-present-tint text-present-fg"],
  ["present-solid", "bg-present-solid text-present-on"],
  ["absent-tint", "bg-absent-tint text-absent-fg"],
  ["absent-solid", "bg-absent-solid text-absent-on"],
  ["late-tint", "bg-late-tint text-late-fg"],
  ["late-solid", "bg-late-solid text-late-on"],
  ["excused-tint", "bg-excused-tint text-excused-fg"],
  ["excused-solid", "bg-excused-solid text-excused-on"],
  ["heat-present", "bg-heat-present text-heat-present-on"],
  ["heat-late", "bg-heat-late text-heat-late-on"],
  ["heat-excused", "bg-heat-excused text-heat-excused-on"],
  ["heat-absent", "bg-heat-absent text-heat-absent-on"],
] as const;

const courses = ["bg-course-1", "bg-course-2", "bg-course-3", "bg-course-4", "bg-course-5", "bg-course-6"] as const;

const scale = ["text-xs", "text-sm", "text-base", "text-lg", "text-xl", "text-2xl", "text-3xl", "text-5xl"] as const;

/** Colours and type. */
export function KitTokens() {
  return (
    <>
      <Specimen title="Colour">
        <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4">
          {swatches.map(([name, classes]) => (
            <li key={name} className={`rounded-md border border-border px-3 py-4 text-sm font-medium ${classes}`}>
              {name}
            </li>
          ))}
        </ul>
        <ul className="mt-3 flex gap-2">
          {courses.map((course) => (
            <li key={course} className={`h-8 flex-1 rounded-md ${course}`} aria-label={course} />
          ))}
        </ul>
      </Specimen>
      <Specimen title="Type">
        <div className="grid gap-2">
          {scale.map((size) => (
            <p key={size} className={`${size} truncate`}>
              Il1 O0 Příliš žluťoučký 0123456789
            </p>
          ))}
        </div>
      </Specimen>
    </>
  );
}
