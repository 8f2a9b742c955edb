// A language that nobody speaks: every sentence of the catalogues in ⟦…⟧. What is left outside of brackets is a sentence that
// no translation would reach. It lives in the process of a test file alone; no person can choose it.
import { LANGUAGES } from "@/messages/languages";
import { messages as english } from "@/messages/en/index";

/** Czech, where dates are written unlike English ones, of a region that stands for none. */
export const PSEUDO = "cs-XA";

/** From here on the process of this test file speaks {@link PSEUDO} too. */
export function speakPseudo(): void {
  Reflect.set(LANGUAGES, PSEUDO, bracketed(english));
}

/** What of a text is no sentence of the pseudo language: words outside of brackets, but for those of `data`. */
export function unbracketed(text: string, data: readonly string[] = []): string[] {
  let rest = text;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/gu, " ");
  }
  for (const value of data) rest = rest.replaceAll(value, " ");
  return rest.match(/\p{L}[\p{L}’'-]*/gu) ?? [];
}

function bracketed<T>(node: T): T;
function bracketed(node: unknown): unknown {
  if (typeof node === "string") return `⟦${node}⟧`;
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, bracketed(value)]));
}
