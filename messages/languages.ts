import { messages as en } from "./en/index";

/** What every language has: the sentences of the English catalogue under the same keys. */
export type Messages = typeof en;

/** The languages there are, by their BCP 47 tags. One more is one more line here: see README.md of this folder. */
export const LANGUAGES: Readonly<Record<string, Messages>> = { en };
