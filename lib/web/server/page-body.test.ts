import fs from "node:fs";
import { NextRequest } from "next/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "@/lib/shared/errors";
import { formArgument } from "../page/form-argument";
import { pageBodyRefusal } from "./page-body";

const authenticateRequest = vi.hoisted(() => vi.fn());
vi.mock("@/lib/identity/sessions/authenticate", () => ({ authenticateRequest }));
beforeEach(() => void authenticateRequest.mockReset().mockRejectedValue(new AppError("unauthenticated")));

const CALL = { "next-action": "40ab" };

describe("the body that somebody sends to a page", () => {
  it("passes as a form, as a call of an action with it, and as nothing", async () => {
    expect(await refusal({})).toBeNull();
    expect(await refusal({ email: "a@b.c", $: "$F1" })).toBeNull();
    expect(await refusal({ "0": '["$K1"]', "1_email": "a" }, CALL)).toBeNull();
    const state = '[{"email":"$$x","errors":[{"fieldId":"$undefined"}]},"$K1"]';
    expect(await refusal({ "0": state }, CALL)).toBeNull();
    expect(await refusal({ $ACTION_ID_40ab: "", email: "a" })).toBeNull();
    const plain = { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"60ab","bound":"$@1"}', $ACTION_KEY: "k1" };
    expect(await refusal({ ...plain, "$ACTION_1:1": '[{"error":null}]' })).toBeNull();
    expect(await refusal({ $ACTION_REF_2: "", "$ACTION_2:0": '{"id":"60ab","bound":null}' })).toBeNull();
  });

  it.each([
    "",
    "[]",
    "x=1",
    '["$F1"]',
    '["$1"]',
    '["x"]',
    "[null]",
    '{"a":1}',
    '["$K1","$K1"]',
    '[{"a":["$F1"]},"$K1"]',
    '["$@1","$K1"]',
    '[{},{},"$K1"]',
    `[${"[".repeat(20)}${"]".repeat(20)},"$K1"]`,
  ])("is refused when an action is called with %s", async (args) => {
    expect(await refusal({ "0": args }, CALL)).toMatchObject({ code: "invalid_request" });
    const text = new NextRequest("http://localhost/login", { method: "POST", headers: CALL, body: args });
    if (args === "[]")
      expect(await pageBodyRefusal(text)).toBeNull(); // what signing out sends
    else expect(await pageBodyRefusal(text)).toMatchObject({ code: "invalid_request" });
    text.headers.set("content-type", "application/x-www-form-urlencoded");
    expect(await pageBodyRefusal(text)).toMatchObject({ code: "invalid_request" });
  });

  it.each([
    { $ACTION_REF_1: "" },
    { $ACTION_REF_1: "", "$ACTION_1:0": "{", "$ACTION_1:1": "[]" },
    { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"x","bound":"$@1"}' },
    { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"x","bound":"$F2"}', "$ACTION_1:1": "[]" },
    { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"x","bound":"$@1"}', "$ACTION_1:1": '["$F1"]' },
    { $ACTION_REF_1: "", "$ACTION_1:0": '{"id":"x","bound":"$@1"}', "$ACTION_1:1": "[]", "$ACTION_1:2": "[]" },
    { "$ACTION_1:1": "null" },
  ])("is refused when a form without script carries %o", async (fields) => {
    expect(await refusal(fields)).toMatchObject({ code: "invalid_request" });
  });

  it("is refused beyond 64 KiB, whatever it says of its length, and when it is no form", async () => {
    const length = (bytes: number, path = "/login") => refusal({}, { "content-length": String(bytes) }, path);
    expect(await length(64 * 1024)).toBeNull();
    expect(await length(64 * 1024 + 1)).toMatchObject({ code: "payload_too_large" });
    expect(await length(200_000, "/classes/1")).toMatchObject({ code: "payload_too_large" });
    authenticateRequest.mockResolvedValue({});
    expect(await length(1024 * 1024, "/classes/1")).toBeNull();
    expect(await length(1024 * 1024 + 1, "/classes/1")).toMatchObject({ code: "payload_too_large" });
    expect(await length(200_000, "/today")).toMatchObject({ code: "payload_too_large" });
    expect(await refusal({ a: "x".repeat(70_000) }, { "transfer-encoding": "chunked" })).toMatchObject({ status: 413 });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const broken = new NextRequest("http://localhost/login", { method: "POST", headers, body: "no boundary" });
    expect(await pageBodyRefusal(broken)).toMatchObject({ code: "invalid_request" });
  });
});

describe("the argument of an action", () => {
  it("is a form, whatever it is called with", () => {
    const form = new FormData();
    expect(formArgument(form)).toBe(form);
    for (const given of [undefined, null, "x", {}, [], { get: 1 }]) expect([...formArgument(given)]).toEqual([]);
  });

  it("is read by no action without a look at what it is", () => {
    const files = fs.globSync(["app/**/actions.ts", "components/**/*.ts"]);
    const actions = files.filter((file) => fs.readFileSync(file, "utf8").startsWith('"use server"'));
    expect(actions.length).toBeGreaterThan(6);
    for (const file of actions)
      for (const line of fs.readFileSync(file, "utf8").split("\n"))
        if (/\bform\.\w+\(/.test(line)) expect(line, file).toContain("form instanceof FormData");
  });
});

function refusal(fields: Record<string, string>, headers: Record<string, string> = {}, path = "/login") {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return pageBodyRefusal(new NextRequest(`http://localhost${path}`, { method: "POST", headers, body }));
}
