/**
 * The form that an action was called with; an empty one for anything else. Whoever calls an action by hand chooses how
 * many arguments it gets and of what kind.
 */
export function formArgument(given: unknown): FormData {
  return given instanceof FormData ? given : new FormData();
}
