import { singleton } from "@/lib/platform/runtime/singleton";

/** Words that the list lacks and that people of a school try first; beginnings of keyboard rows for what is put behind them. */
const MORE = `campusos fortnite schule ecole escuela qwer qwertz azerty asdf asdfg zxcv zxcvb yxcvb abcd abcde
  classroom homework principal headmaster`.split(/\s+/);

/** Letters that people write as something else. */
const DISGUISES: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l", // prettier-ignore
};
const ROWS = ["1234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "abcdefghijklmnopqrstuvwxyz"];
/** That many digits around a common word do not make it another: a year, a date. */
const MOST_AROUND = 8;
/** Said over and over, less than this is nothing. */
const LEAST_SAID = 5;

/**
 * Whether a password, or what remains of it, is one that attackers try first: one of some 49,000 that were found in
 * stolen lists, also backwards, with its letters disguised, repeated, or with digits and signs around it; a run along the
 * alphabet or the keyboard; or hardly more than one character. Case does not matter.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const known = await commonPasswords();
  const plain = once(password.normalize("NFKC").toLowerCase().replace(/\s+/gu, ""));
  if (new Set(plain).size <= 2 || plain.length < LEAST_SAID) return true;
  const has = (word: string) => known.has(word) || known.has([...word].reverse().join("")) || isRun(word);
  return [plain, undisguised(plain)].some((text) => {
    if (has(text)) return true;
    const [stem, around] = stemOf(text);
    return around <= MOST_AROUND && (stem.length < 3 || has(stem) || has(undisguised(stem)) || has(once(stem)));
  });
}

/** Loaded when the first password is set, and once a process: it takes some 5 MB. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  return singleton("commonPasswords", async () => {
    const { dictionary } = await import("@zxcvbn-ts/language-common");
    return new Set([...dictionary["passwords-common"], ...MORE]);
  });
}

/** Digits and signs at both ends; an emoji is no sign. */
const AROUND = /^[\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]+|[\p{N}\p{P}\p{Sm}\p{Sc}\p{Sk}]+$/gu;

/** What is left without the digits and signs around it, and how much those are worth: one or two kinds of signs nothing. */
function stemOf(text: string): [stem: string, around: number] {
  const stem = text.replace(AROUND, "");
  const around = text.replace(stem, "");
  const digits = around.replace(/\P{N}+/gu, "");
  const signs = new Set(around.replace(/\p{N}+/gu, ""));
  return [stem, digits.length + Math.max(0, signs.size - 2)];
}

function undisguised(text: string): string {
  return [...text].map((sign) => DISGUISES[sign] ?? sign).join("");
}

/** A word that is repeated counts once. */
function once(text: string): string {
  return /^(.+?)\1+$/su.exec(text)?.[1] ?? text;
}

/** Neighbours on the keyboard or in the alphabet all the way, forwards or backwards. */
function isRun(text: string): boolean {
  if (text.length < 4) return false;
  const back = [...text].reverse().join("");
  return ROWS.some((row) => [text, back].some((each) => (row + row).includes(each)));
}
