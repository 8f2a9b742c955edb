/** What the meter found in a password, as far as words need it. */
export type Found = { pattern: string; token: string; dictionaryName?: string };

/** Why a password is easy to guess, or how hard it is. */
export const WEAKNESSES = [
  "own",
  "common",
  "commonDigits",
  "commonWords",
  "keys",
  "repeat",
  "row",
  "date",
  "short",
  "fair",
  "strong",
] as const;
export type Weakness = (typeof WEAKNESSES)[number];

/** The one thing to say of a password: of what makes most of it, when it is weak. `score` is the meter's, 0 to 4. */
export function weaknessIn(score: number, sequence: readonly Found[]): Weakness {
  if (score >= 4) return "strong";
  if (score === 3) return "fair";
  const [most] = sequence
    .filter(({ pattern }) => pattern !== "bruteforce")
    .toSorted((a, b) => b.token.length - a.token.length);
  switch (most?.pattern) {
    case "dictionary":
      if (most.dictionaryName === "userInputs") return "own";
      return commonIn(sequence);
    case "spatial":
      return "keys";
    case "repeat":
      return "repeat";
    case "sequence":
      return "row";
    case "date":
    case "regex":
      return "date";
    default:
      return "short";
  }
}

function commonIn(sequence: readonly Found[]): Weakness {
  const words = sequence.filter(({ pattern }) => pattern === "dictionary");
  if (words.length > 1) return "commonWords";
  return sequence.length === 1 ? "common" : "commonDigits";
}
