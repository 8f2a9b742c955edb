// No input is answered with a fault of ours: bodies, headers and addresses that no browser sends, over a raw connection.
import net from "node:net";
import { expect, test } from "@playwright/test";

type Call = { method?: string; path: string; headers?: Record<string, string>; body?: string };

const TEXT = { "content-type": "text/plain;charset=UTF-8" };
const FORM = { "content-type": "multipart/form-data; boundary=x" };
const URL_ENCODED = { "content-type": "application/x-www-form-urlencoded" };

let url: URL;
let actionId = "";

test.beforeAll(async ({ request, baseURL }) => {
  url = new URL(baseURL ?? "");
  const html = (await (await request.get("/login")).text()).replaceAll("&quot;", '"');
  actionId = /"id":"([0-9a-f]{40,})"/.exec(html)?.[1] ?? "";
  expect(actionId, "an action on the sign-in page").not.toBe("");
});

test("a call of an action with anything but a form", async () => {
  const bodies = ["", "x=1", "[]", "null", '["$F1"]', '["$1"]', '["$1:a:b"]', '["$n9x"]', "[[[[[", '[null,"x"]'];
  const calls = bodies.map((body) => ({ path: "/login", headers: { "next-action": actionId, ...TEXT }, body }));
  const forms = [
    { "0": '["$F1"]', "1": JSON.stringify({ id: actionId, bound: null }) },
    { "0": '["$1:__proto__:then"]', "1": "{}" },
    { "0": '["$K1"]', "1_email": "a@b.c" },
    { "0": '[{"email":"","errors":[]},{},"$K1"]' },
  ].map((fields) => ({ path: "/login", headers: { "next-action": actionId, ...FORM }, body: form(fields) }));
  const others = ["00", "__proto__", "x".repeat(3_000)].map((id) => ({
    path: "/login",
    headers: { "next-action": id, ...TEXT },
    body: "[]",
  }));
  await noFault([...calls, ...forms, ...others]);
});

test("a form without script that names an action badly", async () => {
  const reference = JSON.stringify({ id: actionId, bound: "$@1" });
  const fields: Record<string, string>[] = [
    { [`$ACTION_ID_${actionId}`]: "" },
    { $ACTION_ID_xyz: "" },
    { $ACTION_REF_1: "", "$ACTION_1:0": reference },
    { $ACTION_REF_1: "", "$ACTION_1:0": "{not json" },
    { $ACTION_REF_1: "", "$ACTION_1:0": reference, "$ACTION_1:1": '["$F1","$K9"]' },
    { $ACTION_REF_1: "", "$ACTION_1:0": reference, "$ACTION_1:1": '["a","b","c"]', $ACTION_KEY: "k" },
  ];
  await noFault(fields.map((each) => ({ path: "/login", headers: FORM, body: form(each) })));
});

test("bodies of more than a form is, refused at once", async () => {
  const large = form({ a: "y".repeat(1_150_000) });
  const answers = await noFault([
    { path: "/login", headers: FORM, body: large },
    { path: "/nowhere", headers: FORM, body: large },
    { path: "/login", headers: { "next-action": actionId, ...TEXT }, body: large },
    { path: "/api/login", headers: { "content-type": "application/json" }, body: `[${"{},".repeat(30_000)}{}]` },
    { path: "/api/auth/callback/credentials", headers: URL_ENCODED, body: "a=".padEnd(200_000, "b") },
  ]);
  expect(answers).toEqual([413, 413, 413, 413, 413]);
});

test("another host, before or behind a gateway", async () => {
  const origin = url.origin;
  const elsewhere = { host: "web-1.internal:3000", origin };
  const paths = ["/login", "/sections", "/nowhere", "/invite/x", "/unsubscribe/x.y"];
  await noFault(
    paths.flatMap((path) => [
      { path, headers: { ...elsewhere, ...FORM }, body: form({ a: "b" }) },
      { path, headers: { ...elsewhere, "next-action": actionId, ...FORM }, body: form({ "0": '["$K1"]' }) },
      { path, headers: { origin, "x-forwarded-host": "evil.example", ...FORM }, body: form({ a: "b" }) },
      { path, headers: { origin: "%%%", ...FORM }, body: form({ a: "b" }) },
      { path, method: "GET", headers: { host: "[::1" } },
      { path, method: "GET", headers: { "x-forwarded-host": "a b", "x-forwarded-proto": "gopher" } },
    ]),
  );
});

test("addresses and headers that are none", async () => {
  const paths = [
    ...[
      "/%00",
      "/invite/%00",
      `/invite/${"a".repeat(6_000)}`,
      "/_global-error",
      "/sections/%ff",
      "/n/%00",
      "//evil",
      "/[id]",
    ],
    ...[
      "/login?from=%E0%A4%A",
      "/sections?q=%00&day=%ff",
      "/timetable?week=9999-W99",
      "/inbox?thread=%00",
      "/login.rsc",
    ],
  ];
  const rsc = { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/%00../x" };
  await noFault([
    ...paths.flatMap((path) => ["GET", "HEAD", "POST"].map((method) => ({ method, path }))),
    ...paths.map((path) => ({ method: "GET", path, headers: rsc })),
    { method: "GET", path: "/sections", headers: { cookie: "next-auth.session-token=%%%; =; x" } },
    { method: "GET", path: "/sections", headers: { "x-middleware-rewrite": "/x", "x-invoke-status": "500" } },
    { path: "/login", headers: { "transfer-encoding": "chunked", ...FORM }, body: "zz\r\n" },
  ]);
});

test("what Auth.js does not know", async () => {
  const paths = ["", "/signin", "/callback/credentials", "/callback/evil", "/_log", "/__proto__", "/error"];
  await noFault(
    paths.flatMap((path) => [
      ...["?callbackUrl=%00", "?callbackUrl=a&callbackUrl=b", "?error=%ff"].map((query) => ({
        method: "GET",
        path: `/api/auth${path}${query}`,
      })),
      { method: "GET", path: `/api/auth${path}`, headers: { cookie: "next-auth.callback-url=javascript:1" } },
      { path: `/api/auth${path}`, headers: { "content-type": "application/json" }, body: "{" },
      {
        path: `/api/auth${path}`,
        headers: { ...URL_ENCODED, cookie: "next-auth.callback-url=%00" },
        body: "csrfToken=x",
      },
      { path: `/api/auth${path}`, headers: FORM, body: "no boundary" },
    ]),
  );
});

/** Sends all, expects of each an answer below 500, and gives the statuses. */
async function noFault(calls: Call[]): Promise<number[]> {
  const answers: number[] = [];
  for (const call of calls) {
    const status = await send(call);
    const what = `${call.method ?? "POST"} ${call.path.slice(0, 60)} ${JSON.stringify(call.headers ?? {})} ${call.body?.slice(0, 80) ?? ""}`;
    expect(status, what).toBeGreaterThanOrEqual(200);
    expect(status, what).toBeLessThan(500);
    answers.push(status);
  }
  return answers;
}

function send({ method = "POST", path, headers = {}, body = "" }: Call): Promise<number> {
  const length = "transfer-encoding" in headers || method !== "POST" ? {} : { "content-length": String(body.length) };
  const lines = Object.entries({ host: url.host, connection: "close", ...length, ...headers });
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(url.port), url.hostname);
    let answer = "";
    socket.setTimeout(30_000, () => socket.destroy(new Error(`no answer to ${method} ${path.slice(0, 60)}`)));
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    // An answer may come before the whole body was read, and the connection end with it.
    socket.on("error", (error) => (answer === "" ? reject(error) : undefined));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)));
    socket.write(head + body, "latin1");
  });
}

function form(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--x--\r\n`;
}
