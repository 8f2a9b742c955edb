import type api from "@/messages/en/api.json";

type Sentences = typeof api;
type KeyOf<Group extends "detail" | "field"> = `${Group}.${keyof Sentences[Group] & string}`;

/** A sentence of an answer to a program: which one (of `api.json` of each language), and what is filled in. */
export type Sentence = {
  key: KeyOf<"detail"> | KeyOf<"field">;
  values?: Readonly<Record<string, string | number>>;
};

/** Names a sentence. It gets its words where the answer is written, in the language of whoever asked. */
export function say(key: Sentence["key"], values?: Sentence["values"]): Sentence {
  return values === undefined ? { key } : { key, values };
}

const MARK = "say ";

/** Names a sentence in a schema, whose messages are texts; {@link sentenceIn} finds it there again. */
export function sayIn(key: KeyOf<"field">, values?: Sentence["values"]): string {
  return MARK + JSON.stringify(say(key, values));
}

/** The sentence that {@link sayIn} named, or null for another text. */
export function sentenceIn(message: string): Sentence | null {
  return message.startsWith(MARK) ? (JSON.parse(message.slice(MARK.length)) as Sentence) : null;
}
