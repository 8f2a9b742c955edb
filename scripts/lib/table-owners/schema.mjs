// Who owns which table: the module whose file in prisma/schema holds the model.
import fs from "node:fs";
import path from "node:path";

/**
 * The models of a schema folder by the name that the client calls them (`classSession`): their table, the module that owns
 * it, and their relations (field → model). Throws when two models share a table.
 * @typedef {{ table: string, owner: string, relations: Map<string, { model: string, list: boolean }> }} Model
 * @param {string} folder
 * @returns {Map<string, Model>}
 */
export function readModels(folder) {
  const blocks = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".prisma"))
    .flatMap((file) => {
      const text = fs.readFileSync(path.join(folder, file), "utf8").replace(/\/\/.*$/gm, "");
      return [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
        owner: file.replace(/\.prisma$/, ""),
        name,
        body,
      }));
    });
  const names = new Set(blocks.map(({ name }) => name));
  const models = new Map();
  const tables = new Set();
  for (const { name, owner, body } of blocks) {
    const table = /^\s*@@map\("(\w+)"\)/m.exec(body)?.[1] ?? name;
    if (tables.has(table)) throw new Error(`Two models have the table ${table}.`);
    tables.add(table);
    const fields = [...body.matchAll(/^\s+(\w+)\s+(\w+)(\[\])?/gm)].filter(([, , type = ""]) => names.has(type));
    /** @type {Model["relations"]} */
    const relations = new Map();
    for (const [, field = "", type = "", list] of fields)
      relations.set(field, { model: clientName(type), list: Boolean(list) });
    models.set(clientName(name), { table, owner, relations });
  }
  return models;
}

/** @param {string} model `ClassSession` → `classSession`, as the Prisma client names it. */
export function clientName(model) {
  return `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
}
