import { z } from "zod";
import { idSchema, instantSchema, pageOf, pageQuery } from "@/lib/shared/schema";
import { isTimeZone } from "@/lib/shared/time";
import { sayIn } from "@/lib/shared/say";

/** Kinds of news a person can switch on and off. */
export const CATEGORIES = ["absence", "attendanceCorrection", "enrollment", "classChange"] as const;
export type Category = (typeof CATEGORIES)[number];

/** Ways on which news travels; e-mail only where it can be sent. */
export const CHANNELS = ["webPush", "email", "inApp"] as const;
export type Channel = (typeof CHANNELS)[number];

const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, sayIn("field.clock", { example: "21:30" }));
const timeZoneSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_+\-/]+$/, sayIn("field.timeZone"))
  .refine(isTimeZone, sayIn("field.timeZone"));

export const quietHoursSchema = z
  .object({ start: clockSchema, end: clockSchema, timeZone: timeZoneSchema })
  .refine((hours) => hours.start !== hours.end, {
    path: ["end"],
    message: sayIn("field.endDiffers"),
  });
export type QuietHours = z.output<typeof quietHoursSchema>;
export const digestSchema = z.enum(["off", "daily"]);
export type Digest = z.output<typeof digestSchema>;

const channelsSchema = z.object({
  webPush: z.boolean(),
  email: z.boolean().describe("False wherever nothing can be mailed"),
  inApp: z.boolean(),
});

export const preferencesSchema = z.object({
  categories: z.object({
    absence: channelsSchema,
    attendanceCorrection: channelsSchema,
    enrollment: channelsSchema,
    classChange: channelsSchema,
  }),
  quietHours: quietHoursSchema.nullable(),
  digest: digestSchema,
});
export type PreferencesDto = z.output<typeof preferencesSchema>;

const channelsInput = z.object({
  webPush: z.boolean().optional(),
  email: z.boolean().optional().describe("Accepted and stays false where nothing can be mailed"),
  inApp: z.boolean().optional(),
});

/** Body of PUT; what is left out stays as it is. */
export const preferencesInputSchema = z.object({
  categories: z
    .object({
      absence: channelsInput.optional(),
      attendanceCorrection: channelsInput.optional(),
      enrollment: channelsInput.optional(),
      classChange: channelsInput.optional(),
    })
    .optional(),
  quietHours: quietHoursSchema.nullable().optional(),
  digest: digestSchema.optional(),
});
export type PreferencesInput = z.output<typeof preferencesInputSchema>;

export const publicKeySchema = z.object({ publicKey: z.string() });

/** `PushSubscription.toJSON()` of a browser. The keys are judged after the endpoint, by the use-case. */
export const subscriptionInputSchema = z.object({
  endpoint: z
    .string()
    .min(1)
    .max(2_048)
    .regex(/^[\x21-\x7e]+$/, sayIn("field.browserEndpoint")),
  expirationTime: z.number().nullable().optional(),
  keys: z.object({
    p256dh: z.string().max(200, sayIn("field.browserKey")).describe("base64url, a point of P-256"),
    auth: z.string().max(200, sayIn("field.browserSecret")).describe("base64url, 16 bytes"),
  }),
  renewal: z
    .boolean()
    .default(false)
    .describe(
      "true: nobody asked, the browser brings what it has. Only a device of mine that this browser's cookie names is " +
        "renewed; one that was removed or signed out of is 404",
    ),
});
export type SubscriptionInput = z.output<typeof subscriptionInputSchema>;

export const createdSchema = z.object({ id: z.string() });
export const idParams = z.object({ id: idSchema });
export const unsubscribeParams = z.object({ token: z.string().min(1).max(500) });

export const notificationSchema = z.object({
  id: z.string(),
  category: z.enum(CATEGORIES),
  title: z.string(),
  body: z.string(),
  link: z.string(),
  createdAt: instantSchema,
  readAt: instantSchema.nullable(),
});
export type NotificationDto = z.output<typeof notificationSchema>;
export const notificationPageSchema = pageOf(notificationSchema).extend({ unread: z.int() });
export type NotificationPageDto = z.output<typeof notificationPageSchema>;

export const notificationQuery = z.object({
  ...pageQuery,
  /** Only what has not been read. */
  unread: z.enum(["true", "false"]).optional(),
});

/** A browser that gets pushes, as its owner sees it. The address of the subscription never leaves the server. */
export const deviceSchema = z.object({
  id: z.string(),
  /** For example `Firefox on Android`. */
  name: z.string(),
  createdAt: instantSchema,
  /** When its push service last took something for it. */
  lastAcceptedAt: instantSchema.nullable(),
});
export type DeviceDto = z.output<typeof deviceSchema>;
export const deviceListSchema = pageOf(deviceSchema);
