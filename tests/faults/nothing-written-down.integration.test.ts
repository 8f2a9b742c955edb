// What the product writes into its logs while people sign in, accept an invitation and refresh: no secret and no name.
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInvitations } from "@/lib/identity/invitations/invitations";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { db, transaction } from "@/lib/platform/db/client";
import { eventually } from "@/tests/support/eventually";
import { startProduct, type Product } from "@/tests/support/product";
import { at, buildSchool } from "@/tests/support/school";

const ADDRESS = "203.0.113.77";
const PASSWORD = "marker-password four calm words";
const NEW_PASSWORD = "marker-invited four calm words";
/** Whatever must stand in no log. Tokens are added as they are made. */
const markers = ["marker-", ADDRESS];

let product: Product;
let url: string;
let invitation: string;

beforeAll(async () => {
  const { students } = await buildSchool(db(), { students: 2 });
  const [signsIn, invited] = [at(students, 0).id, at(students, 1).id];
  const passwordHash = await hashPassword(PASSWORD);
  const names = { givenName: "marker-given", familyName: "marker-family" };
  await db().user.update({
    where: { id: signsIn },
    data: { ...names, email: "marker-mail@example.edu", passwordHash },
  });
  await db().user.update({ where: { id: invited }, data: { ...names, email: "marker-invited@example.edu" } });
  const [made] = await transaction((tx) => createInvitations(tx, [invited]));
  invitation = made?.token ?? "";
  product = await startProduct({
    env: {
      DATABASE_URL: process.env["DATABASE_URL"] ?? "",
      LOG_LEVEL: "trace",
      METRICS_TOKEN: "marker-metrics",
      TRUSTED_PROXIES: "127.0.0.0/8,::1",
    },
  });
  url = product.baseUrls[0] ?? "";
});

afterAll(() => product?.stop());

describe("the logs of web process and worker", () => {
  it("hold no password, token, e-mail, name or address of anybody", async () => {
    expect((await send("/api/login", { email: "marker-mail@example.edu", password: "marker-wrong" })).status).toBe(401);
    expect((await send("/api/login", { email: "marker-nobody", password: "marker-" })).status).toBe(401);
    expect((await send("/api/login", { email: ["marker-array"], more: "marker-more" })).status).toBe(400);
    const signedIn = (await (
      await send("/api/login", { email: "marker-mail@example.edu", password: PASSWORD })
    ).json()) as Tokens;
    const renewed = (await (await send("/api/token/refresh", signedIn)).json()) as Tokens;
    expect((await send("/api/token/refresh", { refreshToken: signedIn.refreshToken })).status).toBe(401);
    for (const { accessToken, refreshToken } of [signedIn, renewed]) markers.push(accessToken, refreshToken);
    await ask("/api/me", { authorization: `Bearer ${renewed.accessToken}` });
    await ask("/api/me", { authorization: "Bearer marker-forged", cookie: "next-auth.session-token=marker-cookie" });
    await ask("/api/metrics", { authorization: "Bearer marker-metrics" });

    markers.push(invitation);
    const page = await (await ask(`/invite/${invitation}`)).text();
    expect(page).toContain("marker-invited@example.edu");
    const form = new FormData();
    const hidden = page
      .replaceAll("&quot;", '"')
      .matchAll(/<input type="hidden" name="([^"]+)"(?: value="(.*?)")?\/>/g);
    for (const [, name = "", value = ""] of hidden) form.set(name, value);
    form.set("token", invitation);
    form.set("password", NEW_PASSWORD);
    const accepted = await fetch(`${url}/invite/${invitation}`, {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: { "x-forwarded-for": ADDRESS },
    });
    expect(accepted.status).toBe(303);
    for (const cookie of accepted.headers.getSetCookie()) markers.push(/=([^;]*)/.exec(cookie)?.[1] ?? "marker-");
    await ask(`/invite/${invitation}?x=marker-query`);
    await ask("/invite/%00marker-nul");
    await ask("/sections?q=marker-search&from=marker-from");

    const written = await untilQuiet();
    for (const marker of markers) expect(written.includes(marker), `${marker.slice(0, 12)}… in a log`).toBe(false);
  }, 90_000);

  it("do not have the caller's address, which the audit has", async () => {
    const rows = await db().auditEntry.findMany({ select: { action: true, address: true } });
    const actions = ["identity.signed_in", "identity.refresh_token_reused", "identity.password_set"];
    for (const action of actions)
      expect(rows.filter((row) => row.action === action).map(({ address }) => address)).toContain(ADDRESS);
  });

  it("have no error for an upload that was broken off", async () => {
    const before = (await untilQuiet()).length;
    const { port, hostname } = new URL(url);
    for (const target of ["/api/login", "/login", "/api/auth/callback/credentials"]) {
      const type = target === "/login" ? "multipart/form-data; boundary=x" : "application/json";
      const head = `POST ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: ${type}\r\nContent-Length: 4000\r\n\r\n`;
      await new Promise<void>((resolve) => {
        const socket = net.connect(Number(port), hostname, () =>
          socket.write(`${head}{"email":`, () => setImmediate(cut)),
        );
        const cut = () => socket.resetAndDestroy();
        socket.on("error", () => undefined).on("close", () => resolve());
      });
    }
    const errors = (await untilQuiet())
      .slice(before)
      .split("\n")
      .filter((line) => /"level":[56]0/.test(line));
    expect(errors).toEqual([]);
    const metrics = await (await ask("/api/metrics", { authorization: "Bearer marker-metrics" })).text();
    expect(metrics).toMatch(/campus_web_request_seconds_count\{operation="login",status="400"\}/);
    expect(metrics).not.toMatch(/campus_web_request_seconds_count\{operation="login",status="5/);
  });
});

type Tokens = { accessToken: string; refreshToken: string };

const ask = (target: string, headers: Record<string, string> = {}) =>
  fetch(url + target, { headers: { "x-forwarded-for": ADDRESS, ...headers }, redirect: "manual" });

const send = (target: string, body: object) =>
  fetch(url + target, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "x-forwarded-for": ADDRESS, "content-type": "application/json" },
  });

/** All that was written, once a request that came later has its line too. */
async function untilQuiet(): Promise<string> {
  const id = `last-${String(performance.now()).replace(".", "-")}`;
  await ask("/api/me", { "x-request-id": id });
  const folder = path.join(product.dataDir, "logs");
  // The web process's log last: what it writes later stands at the end.
  const files = fs.readdirSync(folder).toSorted((a, b) => Number(a.startsWith("web")) - Number(b.startsWith("web")));
  const read = () => files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  return eventually(() => [read().join("\n")].find((text) => text.includes(id)), { what: "the last line of the log" });
}
