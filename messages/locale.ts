import { LANGUAGES, type Messages } from "./languages";

/** What is spoken when nothing else is known. */
const ENGLISH = "en";
/** Nobody speaks more; longer lists are of programs. */
const MOST_RANGES = 20;

/** True when there is a choice at all: with one language nobody needs to be asked for theirs. */
export function hasSeveralLanguages(): boolean {
  return Object.keys(LANGUAGES).length > 1;
}

/** The language there is for a BCP 47 tag: the tag itself, else its language (`de-AT` is answered in `de`), else English. */
export function localeFrom(tag?: string | null): string {
  return spoken(tag) ?? ENGLISH;
}

/** Of the languages there are, the one that an `Accept-Language` wants most; null when it wants none of them. */
export function acceptedLocale(header: string | null | undefined): string | null {
  const ranges = (header ?? "").split(",", MOST_RANGES).map((part) => {
    const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const quality = parameters.find((piece) => /^q=/i.test(piece))?.slice(2);
    return { tag, quality: quality === undefined ? 1 : Number(quality) };
  });
  const wanted = ranges.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  return wanted.map(({ tag }) => spoken(tag)).find((found) => found !== null) ?? null;
}

/** The language for somebody of whom only the request is known. */
export function requestedLocale(acceptLanguage: string | null | undefined): string {
  return acceptedLocale(acceptLanguage) ?? ENGLISH;
}

/** The sentences of a language; those of English for one that there is none of. */
export function messagesOf(locale: string): Messages {
  const found = LANGUAGES[localeFrom(locale)];
  if (!found) throw new Error("the English sentences are missing");
  return found;
}

function spoken(tag: string | null | undefined): string | null {
  const wanted = tag?.toLowerCase().split("-") ?? [];
  for (let length = wanted.length; length > 0; length--) {
    const start = wanted.slice(0, length).join("-");
    const found = Object.keys(LANGUAGES).find((known) => known.toLowerCase() === start);
    if (found !== undefined) return found;
  }
  return null;
}
