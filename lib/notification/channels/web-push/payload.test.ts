import { describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { KINDS, type NotificationKind } from "../../kinds/registry";
import { topicOf } from "./collapse-key";
import { pushPayload } from "./payload";

const content = (kind: NotificationKind | "digest") => {
  const id = newId();
  return { kind, id, path: `/n/${id}`, topic: topicOf("somebody", id), revision: 3, locale: "en" };
};

describe("the plaintext of a push", () => {
  const kinds = Object.keys(KINDS) as NotificationKind[];

  it.each([...kinds, "digest" as const])("of %s is padded JSON of 512 bytes", (kind) => {
    const payload = pushPayload(content(kind), "https://campus.school.example");
    expect(Buffer.byteLength(payload)).toBe(512);
    expect(JSON.parse(payload)).toMatchObject({ web_push: 8030, notification: { title: "CampusOS" } });
  });

  it("does not tell an absence from a correction", () => {
    const one = content("attendance_marked_absent");
    expect(pushPayload(one, undefined)).toBe(pushPayload({ ...one, kind: "attendance_corrected" }, undefined));
  });

  it("stays below 1 KB with a long address of the site", () => {
    const payload = pushPayload(
      content("student_enrolled"),
      `https://${"a".repeat(60)}.example.${"b".repeat(200)}.org`,
    );
    expect(Buffer.byteLength(payload)).toBe(1_024);
  });
});

describe("a topic", () => {
  it("is what RFC 8030 allows, equal for equal parts and opaque", () => {
    expect(topicOf("user", "attendance", "record")).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(topicOf("a", "b")).toBe(topicOf("a", "b"));
    expect(topicOf("a", "b")).not.toBe(topicOf("ab", ""));
  });
});
