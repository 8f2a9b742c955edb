const edges = {
  1: "border-s-course-1",
  2: "border-s-course-2",
  3: "border-s-course-3",
  4: "border-s-course-4",
  5: "border-s-course-5",
  6: "border-s-course-6",
} as const;

/** The edge of a class in its course's colour; the code is always written beside it. */
export function hueEdge(hue: number): string {
  return edges[(((hue - 1) % 6) + 1) as keyof typeof edges];
}
