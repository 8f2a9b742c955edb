import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./attendance-scene";

const SIZES = [
  ["light", 360],
  ["dark", 360],
  ["light", 1_280],
  ["dark", 1_280],
] as const;

/** Accessible and not wider than the window, in both themes, on a phone and on a desk. */
export async function expectFits(page: Page): Promise<void> {
  for (const [colorScheme, width] of SIZES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    // Colours go from one theme to the other: what is between has no contrast to judge.
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => {}),
    );
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}
