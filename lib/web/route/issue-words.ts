import type { z } from "zod";
import { say, type Sentence, sentenceIn } from "@/lib/shared/say";

/** How to mend a field: the sentence that its schema names (`sayIn`), else one about the rule that it breaks. */
export function sentenceOfIssue(issue: z.core.$ZodIssue): Sentence {
  const own = sentenceIn(issue.message);
  if (own) return own;
  switch (issue.code) {
    case "invalid_type":
      return say("field.expected", { expected: issue.expected });
    case "invalid_format":
      return say("field.format", { format: issue.format });
    case "invalid_value":
      return say("field.choice", { values: issue.values.map(String).join(", ") });
    case "too_small":
      return say(isText(issue) ? "field.longer" : isList(issue) ? "field.more" : "field.atLeast", {
        least: Number(issue.minimum),
      });
    case "too_big":
      return say(isText(issue) ? "field.shorter" : isList(issue) ? "field.fewer" : "field.atMost", {
        most: Number(issue.maximum),
      });
    case "not_multiple_of":
      return say("field.multiple", { of: issue.divisor });
    case "unrecognized_keys":
      return say("field.unknownKeys", { keys: issue.keys.join(", ") });
    default:
      return say("field.invalid");
  }
}

function isText({ origin }: { origin: string }): boolean {
  return origin === "string";
}

function isList({ origin }: { origin: string }): boolean {
  return ["array", "set", "map", "file"].includes(origin);
}
