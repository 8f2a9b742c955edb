import { describe, expect, it } from "vitest";
import { parseTheme } from "./theme";

describe("parseTheme", () => {
  it.each(["light", "dark", "system"])("keeps %s", (theme) => {
    expect(parseTheme(theme)).toBe(theme);
  });

  it.each([undefined, null, "", "neon", 7])("takes %s for the theme of the device", (value) => {
    expect(parseTheme(value)).toBe("system");
  });
});
