// Everything that the code writes into the log has words there.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import log from "@/messages/en/log.json";

/** Names of actions in the product's code: what stands after `action:`, and the names of settings in their table. */
function actionsIn(text: string): string[] {
  const calls = [
    ...text.matchAll(/\baction(?:: | = )(?:[^"\n]*\? )?"([a-z_]+\.[a-z_]+)"(?: : "([a-z_]+\.[a-z_]+)")?/g),
  ];
  const settings = [...text.matchAll(/: "(school\.[a-z_]+)"/g)];
  return [...calls, ...settings].flatMap(([, ...names]) => names.filter((name) => name !== undefined));
}

it("every action has words, and no words are left of one that is gone", () => {
  const files = ["lib", "app", "workers"].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$/.test(name) && !name.includes("generated"))
      .map((name) => readFileSync(path.join(root, name), "utf8")),
  );
  const written = new Set(files.flatMap(actionsIn));
  const template = {
    class_session: ["cancelled", "moved", "restored"],
    identity: ["sign_in_failed", "sign_in_refused"],
  };
  for (const [area, names] of Object.entries(template)) for (const name of names) written.add(`${area}.${name}`);
  const words = Object.entries(log.action).flatMap(([area, names]) =>
    Object.keys(names).map((name) => `${area}.${name}`),
  );
  expect(words.toSorted()).toEqual([...written].toSorted());
});
