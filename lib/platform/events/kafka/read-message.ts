import { createHash } from "node:crypto";
import type { KafkaMessage } from "kafkajs";
import { parseCloudEvent } from "@/lib/shared/events";
import type { EventOf } from "../delivery/consumer";

/** What a message holds; for one that is no event of ours, why. */
export type ReadMessage = { kind: "event"; event: EventOf } | { kind: "unreadable"; reason: string };

/** Kept of a value that cannot be read, for the office; the `.dlq` topic has all of it. */
const SHOWN_CHARS = 4_000;

/** Reads the value of a message that anybody may have written: bytes that are not UTF-8 are refused, not guessed at. */
export function readMessage({ value }: KafkaMessage): ReadMessage {
  if (value === null) return { kind: "unreadable", reason: "no value" };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(value);
  } catch {
    return { kind: "unreadable", reason: "not UTF-8" };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "unreadable", reason: "not JSON" };
  }
  const parsed = parseCloudEvent(json);
  return "event" in parsed
    ? { kind: "event", event: parsed.event as EventOf }
    : { kind: "unreadable", reason: parsed.invalid };
}

/**
 * What an unreadable message is known by, as it has no id: its place, and what stands there, because places begin anew
 * when a topic is made anew.
 */
export function idOfUnreadable(origin: string, { key, value, timestamp }: KafkaMessage): string {
  const parts = [key, value].map((part) => (part === null ? "null" : part.toString("base64")));
  const digest = createHash("sha256")
    .update([...parts, timestamp].join("\n"))
    .digest("hex");
  return `${origin}#${digest.slice(0, 16)}`;
}

/** The beginning of an unreadable value as text that the database can store. */
export function shownOf({ value }: KafkaMessage): string {
  const text = value?.toString("utf8") ?? "";
  return text.replaceAll("\u0000", "").slice(0, SHOWN_CHARS).toWellFormed();
}
