/**
 * The form that an action was called with; an empty one for anything else. Whoever calls an action by hand chooses how
 * many arguments it gets and of what kind.
 */
export function formArgument(given: unknown): FormData {
  return given instanceof FormData ? given : new FormData();
}

/**
 * Whether a page is the answer to a form of its own that was sent without script, and so shows what to mend: one that was right
 * goes on to another page. With script the form sets the title itself. For titles that begin with "Error".
 */
export function isSentAgain(incoming: Headers): boolean {
  return incoming.get("content-type")?.startsWith("multipart/form-data") === true && !incoming.has("next-action");
}
