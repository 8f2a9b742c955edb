// What people see while the database is away: a real web process whose PostgreSQL is stopped and started again.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { isSame, signalProcess } from "@/scripts/lib/processes.mjs";
import { readState, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { ensureDatabase, migrate } from "@/scripts/lib/migrate.mjs";
import { eventually } from "@/tests/support/eventually";
import { startProduct, type Product } from "@/tests/support/product";
import { buildSchool } from "@/tests/support/school";
import { databaseUrl } from "@/tests/support/template-database";
import errors from "@/messages/en/errors.json";

const PASSWORD = "correct horse battery staple";
const PAGES = ["/timetable", "/sections", "/attendance", "/inbox", "/preferences"];

let folder: string;
let product: Product;
let refreshCookie: string;
let cookie: string;

const startPostgres = async (): Promise<string> =>
  databaseUrl((await servicesUp({ folder, names: ["postgres"] })).state.postgres?.url ?? "", "outage");

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-outage-"));
  const url = await startPostgres();
  await ensureDatabase(url);
  await migrate(url);
  const client = createDb(url, 2);
  const { students } = await buildSchool(client, { sections: [{ enrolled: [0] }] });
  const [student] = students;
  await client.user.update({
    where: { id: student?.id ?? "" },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  await client.$disconnect();
  product = await startProduct({ env: { DATABASE_URL: url }, workerProcesses: 0 });
  const tokens = await signIn(student?.email ?? "");
  refreshCookie = `campusos.refresh-token=${tokens.refreshToken}`;
  cookie = `next-auth.session-token=${tokens.accessToken}`;
}, 120_000);
afterAll(async () => {
  await product?.stop();
  await servicesDown({ folder });
  fs.rmSync(folder, { recursive: true, force: true });
}, 60_000);

function ask(address: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(`${product.baseUrls[0]}${address}`, {
    redirect: "manual",
    headers: { cookie, connection: "close", ...headers },
    ...init,
  });
}

async function signIn(email: string): Promise<{ accessToken: string; refreshToken: string }> {
  const body = JSON.stringify({ email, password: PASSWORD });
  const answer = await ask("/api/login", { cookie: "", "content-type": "application/json" }, { method: "POST", body });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function stopPostgres(): Promise<void> {
  const [server] = readState(folder).postgres?.processes ?? [];
  if (!server) throw new Error("PostgreSQL does not run");
  signalProcess(server.pid, "SIGINT"); // of PostgreSQL: cut the connections and end
  await eventually(() => !isSame(server), { what: "PostgreSQL to end" });
}

/** What the web process logged about one request. */
function linesOf(requestId: string): Record<string, unknown>[] {
  const lines = fs.readFileSync(product.web[0]?.logFile ?? "", "utf8").split("\n");
  return lines.filter((line) => line.includes(requestId)).map((line) => JSON.parse(line));
}

describe("while the database is away", () => {
  it("pages answer 503 with words for people, the API its problem, and both recover by themselves", async () => {
    for (const page of PAGES) expect((await ask(page)).status, page).toBe(200);
    expect((await ask("/api/enrollments")).status).toBe(200);
    await stopPostgres();

    for (const page of PAGES) await expectOutagePage(await ask(page), page);
    await expectOutagePage(await ask("/login", { cookie: "" }), "sign-in");
    // What a form without script sends, and whoever only wants the head.
    const body = new URLSearchParams({ a: "b" });
    await expectOutagePage(
      await ask("/inbox", { origin: product.baseUrls[0] ?? "" }, { method: "POST", body }),
      "POST",
    );
    const head = await ask("/inbox", {}, { method: "HEAD" });
    expect([head.status, head.headers.get("retry-after"), await head.text()]).toEqual([503, "2", ""]);
    const api = await ask("/api/enrollments");
    expect([api.status, api.headers.get("retry-after"), api.headers.get("content-type")]).toEqual([
      503,
      "2",
      "application/problem+json",
    ]);
    expect((await ask("/api/health/live")).status).toBe(200);

    // The page's own script gets the digest by which the error page finds its words.
    const flight = await ask("/inbox", { rsc: "1" }, { redirect: "follow" });
    expect(flight.headers.get("content-type")).toContain("text/x-component");
    expect(await flight.text()).toContain(`"digest":"unavailable"`);

    // An access token that has expired cannot be renewed now. That is no reason to be sent to the sign-in page.
    const expired = { cookie: refreshCookie };
    await expectOutagePage(await ask("/timetable", expired), "renewal");
    const refused = await ask("/api/enrollments", expired);
    expect([refused.status, refused.headers.get("set-cookie")]).toEqual([503, null]);

    await startPostgres();
    await eventually(async () => (await ask("/timetable")).status === 200, { what: "the pages to be back" });
    await eventually(async () => (await ask("/api/enrollments")).status === 200, { what: "the API to be back" });
    const renewed = await ask("/timetable", expired);
    expect([renewed.status, renewed.headers.getSetCookie().length]).toEqual([200, 2]);
  }, 120_000);
});

async function expectOutagePage(answer: Response, what: string): Promise<void> {
  const { status, headers } = answer;
  const html = await answer.text();
  const id = headers.get("x-request-id") ?? "";
  expect([status, headers.get("retry-after"), headers.get("cache-control")], what).toEqual([503, "2", "no-store"]);
  expect(headers.get("content-type"), what).toBe("text/html; charset=utf-8");
  expect(headers.getSetCookie(), what).toEqual([]);
  for (const words of [errors.outageTitle, "What you saved is kept", errors.retry, `Reference ${id}`])
    expect(html, what).toContain(words);
  expect(html, what).not.toContain("<script");
  expect(html.endsWith("</html>\n"), what).toBe(true);
  const lines = linesOf(id);
  expect(lines, what).toMatchObject([{ level: 50, requestId: id, code: "unavailable" }]);
}
