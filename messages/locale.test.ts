import { beforeAll, describe, expect, test } from "vitest";
import { PSEUDO, speakPseudo } from "@/tests/support/pseudo-locale";
import { directionOf, languageAttributes } from "./direction";
import { messages as english } from "./en/index";
import { LANGUAGES } from "./languages";
import { acceptedLocale, hasSeveralLanguages, localeFrom, messagesOf, requestedLocale } from "./locale";
import { translator } from "./translator";

/** Sentences of another language that are filled in with other names than the English ones. */
function otherNames(english: unknown, other: unknown, at = ""): string[] {
  if (typeof english === "string")
    return String(namesIn(english)) === String(namesIn(String(other))) ? [] : [`${at.slice(1)}: ${String(other)}`];
  return Object.entries(english ?? {}).flatMap(([key, each]) =>
    otherNames(each, Reflect.get(Object(other), key), `${at}.${key}`),
  );
}

function namesIn(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => String(name)))].toSorted();
}

describe("every language", () => {
  test("fills in the same names as English", () => {
    const all = Object.entries(LANGUAGES).flatMap(([tag, other]) => otherNames(english, other, `.${tag}`));
    expect(all).toEqual([]);
  });

  test("with a name that is wrong or missing is found", () => {
    const from = { a: { b: "{name}, {count, plural, one {# day} other {# days}}", c: "plain" } };
    expect(otherNames(from, { a: { b: "{count, plural, few {# dny} other {# dní}}: {name}", c: "prosté" } })).toEqual(
      [],
    );
    expect(otherNames(from, { a: { b: "{jméno}", c: "prosté" } })).toEqual(["a.b: {jméno}"]);
    expect(otherNames(from, {})).toEqual(["a.b: undefined"]);
  });
});

describe("the language of somebody", () => {
  test("is English while there is no other", () => {
    expect(hasSeveralLanguages()).toBe(false);
    expect(localeFrom(PSEUDO)).toBe("en");
  });

  describe("where there are several", () => {
    beforeAll(speakPseudo);

    test.each([
      [PSEUDO, PSEUDO],
      ["CS-xa", PSEUDO],
      [`${PSEUDO}-variant`, PSEUDO],
      ["en-AU", "en"],
      ["fr", "en"],
      ["cs", "en"],
      ["", "en"],
      [null, "en"],
      [undefined, "en"],
    ])("for the tag %s is %s", (tag, locale) => {
      expect(hasSeveralLanguages()).toBe(true);
      expect(localeFrom(tag)).toBe(locale);
    });

    test.each([
      [`fr, ${PSEUDO};q=0.5, en;q=0.4`, PSEUDO],
      [`en;q=0.4,${PSEUDO};q=0.5`, PSEUDO],
      [`${PSEUDO};q=0, en-GB`, "en"],
      [`${PSEUDO};q=x, en`, "en"],
      ["fr, de", null],
      ["*", null],
      ["", null],
      [null, null],
      [",;q=,;;", null],
      [`${"fr,".repeat(10_000)}${PSEUDO}`, null],
    ])("accepted by %.40s is %s", (header, locale) => {
      expect(acceptedLocale(header)).toBe(locale);
      expect(requestedLocale(header)).toBe(locale ?? "en");
    });

    test("has sentences of its own", () => {
      expect(messagesOf("fr")).toBe(english);
      expect(messagesOf(PSEUDO).ui.close).toBe("⟦Close⟧");
      expect(translator(PSEUDO, "ui")("seatsLeft", { left: 1, capacity: 2 })).toBe("⟦1 of 2 left⟧");
      expect(translator("en-GB", "ui")("seatsLeft", { left: 1, capacity: 2 })).toBe("1 of 2 left");
    });
  });

  test("is written from left to right, or from right to left", () => {
    expect([directionOf("ar-EG"), directionOf("en")]).toEqual(["rtl", "ltr"]);
    expect(languageAttributes("he")).toBe('lang="he" dir="rtl"');
  });
});
