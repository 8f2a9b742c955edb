import en from "./en/errors.json";

/** What a page says when it failed, in every language: a page that failed cannot ask the server for words any more. */
const WORDS: Readonly<Record<string, typeof en>> = { en };

/** These sentences in the first of the wanted languages (BCP 47) that there is, else in English. For the browser. */
export function errorWords(wanted: readonly string[]): { locale: string; words: typeof en } {
  for (const tag of wanted)
    for (const locale of [tag, tag.split("-", 1)[0] ?? tag]) {
      const words = WORDS[locale];
      if (words) return { locale, words };
    }
  return { locale: "en", words: en };
}
