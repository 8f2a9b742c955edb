import { localeFrom } from "@/messages/locale";
import { phrases } from "../../kinds/phrases";
import { KINDS, type NotificationKind } from "../../kinds/registry";

/** Every plaintext has this length (or its double), so that the length does not tell what it says. */
const PADDED_BYTES = 512;

export type PushContent = {
  kind: NotificationKind | "digest";
  /** Of the notification; the page behind the link asks for sign-in before it shows anything. */
  id: string;
  /** Path that a press opens. */
  path: string;
  topic: string;
  revision: number;
  /** The recipient's language. */
  locale: string;
};

/**
 * The plaintext of a push: the JSON of declarative web push (https://www.w3.org/TR/push-api/#declarative-push-message),
 * which Safari shows by itself and our service worker reads elsewhere. No personal data: it ends on a lock screen.
 * `navigate` is absolute when the address of this site is known.
 */
export function pushPayload(content: PushContent, publicUrl: string | undefined): string {
  const t = phrases(content.locale);
  const json = JSON.stringify({
    web_push: 8030,
    notification: {
      title: t("push.title"),
      body: t(`push.${content.kind === "digest" ? "digest" : KINDS[content.kind].push}`),
      navigate: publicUrl ? new URL(content.path, publicUrl).href : content.path,
      tag: content.topic,
      lang: localeFrom(content.locale),
      data: { id: content.id, revision: content.revision },
    },
    mutable: true,
  });
  const bytes = Buffer.byteLength(json);
  // Spaces after a JSON text are part of JSON, so that padding needs no field.
  return json + " ".repeat(Math.ceil(bytes / PADDED_BYTES) * PADDED_BYTES - bytes);
}
