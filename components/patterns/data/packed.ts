/** A value as the text that carries it to a client component. */
export type Packed<T> = string & { readonly packed?: T };

/**
 * A list for a client component, as one text. React looks at each value of a property by itself, on the way out, back in
 * and in the browser; a text it passes over. For plain data only: what JSON cannot carry is lost.
 */
export function pack<T>(value: T): Packed<T> {
  return JSON.stringify(value);
}

/** The value again. In a component, memoize it: each call makes a new one. */
export function unpack<T>(text: Packed<T>): T {
  return JSON.parse(text) as T;
}
