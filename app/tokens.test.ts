import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { chromeColor } from "@/components/patterns/shell/theme";

type Theme = "light" | "dark";
type Rgb = readonly [number, number, number];

const css = readFileSync(path.join(import.meta.dirname, "globals.css"), "utf8");

/** OKLCH to linear sRGB, with the matrices of CSS Color 4; out of gamut is clipped, as a browser would at worst. */
function fromOklch(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function fromHex(hex: string): Rgb {
  const channel = (start: number) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function parseColor(text: string): Rgb {
  if (/^#[0-9a-f]{6}$/.test(text)) return fromHex(text);
  const numbers = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(text)?.slice(1).map(Number) ?? [];
  const [lightness, chroma, hue] = numbers;
  if (lightness === undefined || chroma === undefined || hue === undefined) throw new Error(`not a colour: ${text}`);
  return fromOklch(lightness, chroma, hue);
}

/** Every `--token: light-dark(a, b)` of the style sheet. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w+|oklch\([^)]*\)), (#\w+|oklch\([^)]*\))\);/g)].map((match) => [
    match[1] ?? "",
    { light: match[2] ?? "", dark: match[3] ?? "" },
  ]),
);

function color(token: string, theme: Theme): Rgb {
  const pair = tokens.get(token);
  if (pair === undefined) throw new Error(`no token --${token}`);
  return parseColor(pair[theme]);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of WCAG 2.2. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const papers = ["bg", "surface", "sunken"] as const;
const statuses = ["present", "absent", "late", "excused"] as const;

/** [foreground, background, least ratio] */
const pairs: [string, string, number][] = [
  ...papers.flatMap((paper): [string, string, number][] => [
    ["text", paper, 7],
    ["muted", paper, 4.5],
    ["faint", paper, 4.5],
    ["accent", paper, 4.5],
    ["control", paper, 3],
  ]),
  ["on-primary", "primary", 7],
  ["on-primary", "primary-hover", 7],
  ["primary", "surface", 7],
  ["accent", "accent-soft", 4.5],
  ["text", "accent-soft", 7],
  ...statuses.flatMap((status): [string, string, number][] => [
    [`${status}-fg`, `${status}-tint`, 4.5],
    [`${status}-fg`, "surface", 4.5],
    [`${status}-fg`, "bg", 4.5],
    [`${status}-on`, `${status}-solid`, 4.5],
    ["text", `${status}-tint`, 7],
    [`heat-${status}-on`, `heat-${status}`, 4.5],
  ]),
  ...[1, 2, 3, 4, 5, 6].map((course): [string, string, number] => [`course-${course}`, "surface", 3]),
];

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  it.each(pairs)("reads %s on %s at %d or more", (foreground, background, least) => {
    expect(contrast(color(foreground, theme), color(background, theme))).toBeGreaterThanOrEqual(least);
  });

  it("tells heat cells apart by lightness alone", () => {
    const steps = statuses.map((status) => luminance(color(`heat-${status}`, theme)) ** (1 / 3)).sort((a, b) => a - b);
    const gaps = steps.slice(1).map((step, index) => step - (steps[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.1);
  });

  it("gives the browser's chrome the colour of the page", () => {
    const chrome = fromHex(chromeColor[theme]);
    const page = color("bg", theme);
    expect(contrast(chrome, page)).toBeLessThan(1.02);
  });
});

it("maps every colour token to a utility", () => {
  const unmapped = [...tokens.keys()].filter(
    (token) => token !== "shadow-ink" && !css.includes(`--color-${token}: var(--${token});`),
  );
  expect(unmapped).toEqual([]);
});
