import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import { type Weakness, weaknessIn } from "./weakness";

const meter = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
/** What comes after decides nothing any more, and takes long. */
const MOST_LOOKED_AT = 64;

/** How guessable a password is. This file brings 49,000 passwords along (some 220 KB): only `import()` it. */
export function weaknessOf(password: string, own: readonly string[]): Weakness {
  const { score, sequence } = meter.check(password.slice(0, MOST_LOOKED_AT), [...own]);
  return weaknessIn(score, sequence);
}
