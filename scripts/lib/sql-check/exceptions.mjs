// What the check cannot decide stands in prisma/sql-exceptions.json: file → function, or function.column → reason.

/** @import { Finding } from "./check.mjs" */

/** The list in a house. */
export const LIST = "prisma/sql-exceptions.json";

/**
 * Takes the listed findings out. What is listed without a reason, or of which nothing is found any more, is a problem of its
 * own. Answers sentences that begin with `file:line`, in the order of the findings.
 * @param {readonly Finding[]} findings
 * @param {Record<string, Record<string, string>>} list
 * @returns {string[]}
 */
export function problemsOf(findings, list) {
  const problems = [];
  const used = new Set();
  for (const { file, line, key, text } of findings) {
    const isListed = list[file]?.[key] !== undefined;
    if (isListed) used.add(`${file} ${key}`);
    else problems.push(`${file}:${line} ${text}. Where the check cannot know: "${key}" in ${LIST}, with the reason.`);
  }
  for (const [file, entries] of Object.entries(list)) {
    for (const [key, reason] of Object.entries(entries)) {
      const entry = `${LIST}: ${file} → ${key}`;
      if (!used.has(`${file} ${key}`)) problems.push(`${entry}: nothing is found there any more; remove the entry.`);
      if (typeof reason !== "string" || reason.trim() === "") problems.push(`${entry}: give the reason.`);
    }
  }
  return problems;
}
