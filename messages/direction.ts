const RIGHT_TO_LEFT = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);

/** Which way a language is written, for `dir`. */
export function directionOf(locale: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(locale.split("-", 1)[0] ?? "") ? "rtl" : "ltr";
}

/** The attributes of `<html>` that say in which language a document is, for documents that are put together as text. */
export function languageAttributes(locale: string): string {
  return directionOf(locale) === "rtl" ? `lang="${locale}" dir="rtl"` : `lang="${locale}"`;
}
