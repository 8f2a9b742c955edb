// `npm run glyphs`: makes app/glyphs.css of the icons that components/ui/icon.tsx names, from lucide-react. An icon is a mask
// of one element, so that its lines are sent once with the stylesheet.
import "./lib/node-version.mjs";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/runtime.mjs";

/** Icons that also come with thicker lines: those of a status. */
const BOLD = new Set([
  "ban",
  "check",
  "circle",
  "circle-check",
  "circle-dashed",
  "clock",
  "file-check",
  "hourglass",
  "lock",
  "minus",
  "pencil-line",
  "radio-tower",
  "sparkle",
  "x",
]);
const STROKE = 2;
const BOLD_STROKE = 2.6;
const FILE = path.join(root, "app/glyphs.css");

/** @typedef {[string, Record<string, string>][]} Shapes */

/**
 * The stylesheet of the icons that the source names.
 * @returns {Promise<string>}
 */
export async function glyphStyles() {
  const source = readFileSync(path.join(root, "components/ui/icon.tsx"), "utf8");
  const names = [...source.matchAll(/ glyph\("([a-z0-9-]+)"\)/g)].map(([, name]) => String(name));
  const rules = [];
  for (const name of names) {
    const file = path.join(root, `node_modules/lucide-react/dist/esm/icons/${name}.mjs`);
    const { __iconData } = /** @type {{ __iconData: { node: Shapes } }} */ (await import(pathToFileURL(file).href));
    rules.push(rule(`.g-${name}`, __iconData.node, STROKE));
    if (BOLD.has(name)) rules.push(rule(`.gb-${name}`, __iconData.node, BOLD_STROKE));
  }
  return `/* Made by scripts/glyphs.mjs from lucide-react (ISC licence). */\n${rules.join("")}`;
}

/**
 * @param {string} selector
 * @param {Shapes} shapes
 * @param {number} stroke
 */
function rule(selector, shapes, stroke) {
  const drawn = shapes.map(([tag, { key: _, ...attributes }]) => {
    const text = Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`);
    return `<${tag}${text.join("")}/>`;
  });
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black' stroke-width='${stroke}' stroke-linecap='round' stroke-linejoin='round'>${drawn.join("")}</svg>`;
  const data = svg.replaceAll("%", "%25").replaceAll("#", "%23").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return `${selector} {\n  --glyph: url("data:image/svg+xml,${data}");\n}\n`;
}

if (import.meta.filename === process.argv[1]) writeFileSync(FILE, await glyphStyles());
