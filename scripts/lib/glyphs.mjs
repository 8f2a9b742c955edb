// A plugin of Tailwind (app/globals.css): the shapes of the icons that components/ui/icon.tsx names, read from lucide-react
// when the styles are built. An icon is a mask of one element, so that its lines are sent once with the stylesheet.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import plugin from "tailwindcss/plugin";

const SOURCE = path.join(import.meta.dirname, "../../components/ui/icon.tsx");
const STROKE = 2;
const BOLD_STROKE = 2.6;
const require = createRequire(import.meta.url);

/** @typedef {[string, Record<string, string>][]} Shapes */

/**
 * The rule of each icon that the source names, by its selector: `.g-x`, and `.gb-x` with thicker lines for those that tell a
 * status. Throws when the package has no icon of that name.
 * @param {string} [source]
 * @returns {Record<string, { "--glyph": string }>}
 */
export function glyphRules(source = readFileSync(SOURCE, "utf8")) {
  /** @type {Record<string, { "--glyph": string }>} */
  const rules = {};
  for (const [, kind, name] of source.matchAll(/ (glyph|statusGlyph)\("([a-z0-9-]+)"\)/g)) {
    const shapes = shapesOf(String(name));
    rules[`.g-${name}`] = { "--glyph": mask(shapes, STROKE) };
    if (kind === "statusGlyph") rules[`.gb-${name}`] = { "--glyph": mask(shapes, BOLD_STROKE) };
  }
  return rules;
}

/**
 * @param {string} name
 * @returns {Shapes}
 */
function shapesOf(name) {
  const { __iconData } = /** @type {{ __iconData: { node: Shapes } }} */ (require(`lucide-react/icons/${name}`));
  return __iconData.node;
}

/**
 * @param {Shapes} shapes
 * @param {number} stroke
 */
function mask(shapes, stroke) {
  const drawn = shapes.map(([tag, { key: _, ...attributes }]) => {
    const text = Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`);
    return `<${tag}${text.join("")}/>`;
  });
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black' stroke-width='${stroke}' stroke-linecap='round' stroke-linejoin='round'>${drawn.join("")}</svg>`;
  const data = svg.replaceAll("%", "%25").replaceAll("#", "%23").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return `url("data:image/svg+xml,${data}")`;
}

export default plugin(({ addBase }) => {
  addBase(glyphRules());
});
