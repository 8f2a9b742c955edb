import { createTranslator } from "next-intl";
import type { Messages } from "./languages";
import { localeFrom, messagesOf } from "./locale";

const made = new Map<string, unknown>();

/**
 * The sentences of one namespace in a language, for what is written outside a page. A language that there is none of is
 * answered in the nearest that there is (`localeFrom`).
 */
export function translator<const N extends keyof Messages & string>(locale: string, namespace: N) {
  const spoken = localeFrom(locale);
  const key = `${spoken} ${namespace}`;
  const make = () => createTranslator<Messages, N>({ locale: spoken, messages: messagesOf(spoken), namespace });
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as ReturnType<typeof make>;
}
