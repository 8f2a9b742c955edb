import { describe, expect, it } from "vitest";
import { propertiesText } from "./kafka.mjs";

describe("a properties file for Java", () => {
  it("keeps folders as other people name them", () => {
    expect(propertiesText({ "log.dirs": "/home/Zoë B/campus #1\\x", "node.id": 1 })).toBe(
      "log.dirs=/home/Zo\\u00eb B/campus #1\\\\x\nnode.id=1\n",
    );
  });
});
