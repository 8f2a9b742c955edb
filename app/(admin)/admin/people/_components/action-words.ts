import type { useTranslations } from "next-intl";

type Words = ReturnType<typeof useTranslations<"log">>;
type Key = Parameters<Words>[0];

/** What an action of the log is called; one that has no words yet, by its name. A test holds words and actions together. */
export function actionWords(t: Words, action: string): string {
  const key = `action.${action}` as Key;
  return t.has(key) ? t(key as "title") : action;
}
