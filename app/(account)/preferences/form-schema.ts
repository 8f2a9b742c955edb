import { z } from "zod";
import { CATEGORIES, CHANNELS, digestSchema, type PreferencesInput } from "@/lib/notification/schema";

const box = z.literal("on").optional();

/** The three forms of the page in one shape: `part` says which one was sent. An unticked box is not sent at all. */
export const preferencesForm = z.discriminatedUnion("part", [
  z.object({ part: z.literal("categories"), shown: z.string().max(200) }).catchall(z.unknown()),
  z.object({
    part: z.literal("quiet"),
    quietOn: box,
    start: z.string().max(5),
    end: z.string().max(5),
    timeZone: z.string().max(64),
  }),
  z.object({ part: z.literal("digest"), digest: digestSchema }),
]);

/** A sent form as the input of the use-case; the use-case's own schema judges it. */
export function inputOf(form: z.output<typeof preferencesForm>): unknown {
  switch (form.part) {
    case "categories": {
      const shown = form.shown.split(",");
      const categories: NonNullable<PreferencesInput["categories"]> = {};
      for (const category of CATEGORIES.filter((known) => shown.includes(known)))
        categories[category] = Object.fromEntries(
          CHANNELS.map((channel) => [channel, form[`${category}.${channel}`] === "on"]),
        );
      return { categories };
    }
    case "quiet":
      return {
        quietHours: form.quietOn === "on" ? { start: form.start, end: form.end, timeZone: form.timeZone } : null,
      };
    case "digest":
      return { digest: form.digest };
  }
}
