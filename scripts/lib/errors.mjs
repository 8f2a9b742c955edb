// What is thrown can be anything; these read the two things that are said about it.

/**
 * The message of what was thrown; its text when it is no error.
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

/**
 * The code of what was thrown, such as ENOENT of the system or 3D000 of PostgreSQL; undefined when it has none.
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
