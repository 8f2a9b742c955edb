// A school that has nothing but this installation: from the link that the start prints to an imported roster. Needs a product
// of its own, on an empty database.
import { buffer } from "node:stream/consumers";
import { expect, test, type Page } from "@playwright/test";
import { ZipFile } from "yazl";
import { createSetupLink } from "@/lib/identity/setup/setup-link";
import { createDb, type Db } from "@/lib/platform/db/client";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { ownProduct } from "@/tests/support/e2e-products";
import { startProduct, type Product } from "@/tests/support/product";
import { COPY_PREFIX, copyTemplate, databaseUrl, ensureTemplate, withServer } from "@/tests/support/template-database";
import { expectAccessible } from "./attendance-scene";

test.describe.configure({ mode: "serial" });

const ADMINISTRATOR = { email: "head@riverside.example.edu", password: "seven quiet rivers bend" };
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const shape = { students: 30, teachers: 3, sections: 6, courses: 3, startsOn: day(-30), endsOn: day(60) };
const files = generatedFiles({ ...shape, school: "riverside" });
/** The office has put one student into the first class. */
const student =
  (files["users.csv"] ?? "")
    .split("\n")
    .find((line) => /\bstudent\b/.test(line))
    ?.split(",")[0] ?? "";
files["enrollments.csv"] += `e-first,,,s1,riverside,${student},student,false\n`;
let product: Product;
let client: Db;
let drop: () => Promise<unknown>;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  const server = ownProduct().databaseUrl;
  const name = `${COPY_PREFIX}setup_${process.pid}`;
  drop = () => withServer(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  await copyTemplate(server, await ensureTemplate(server), name);
  const url = databaseUrl(server, name);
  client = createDb(url, 2);
  product = await startProduct({ env: { DATABASE_URL: url, CAMPUS_DEMO: "0" } });
  page = await (await browser.newContext({ baseURL: product.baseUrls[0] ?? "" })).newPage();
});
test.afterAll(async () => {
  await page?.context().close();
  await product?.stop();
  await client?.$disconnect();
  await drop?.();
});

async function freshLink(): Promise<string> {
  const token = await createSetupLink(client);
  if (token === null) throw new Error("there is nothing to set up");
  return `/setup/${token}`;
}

/** The page as it is now, at a phone's width and at a desk's. */
async function expectGood(): Promise<void> {
  for (const [width, colorScheme] of [
    [360, "dark"],
    [1_280, "light"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    // Colours change by a transition.
    await page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}

const zipped = (entries: Record<string, string>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
};

const choose = async (name: string, bytes: Buffer) => {
  await page.getByLabel("File of the roster").setInputFiles({ name, mimeType: "application/zip", buffer: bytes });
  await page.getByRole("button", { name: "Check the file" }).click();
};

test("only the newest link works, and one that is none says what to do", async () => {
  const older = await freshLink();
  const newer = await freshLink();
  for (const path of [older, "/setup/nothing", `${older}/administrator`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  }
  await expectGood();
  await page.goto(newer);
  await expect(page).toHaveURL(`${product.baseUrls[0]}${newer}/school`);
});

test("the school is named, without script too; what is missing is said and what was typed stays", async ({
  browser,
}) => {
  const link = await freshLink();
  const context = await browser.newContext({ baseURL: product.baseUrls[0] ?? "", javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(link);
  await plain.getByLabel("Name of the school").fill("Riverside");
  await plain.getByRole("button", { name: "Save and go on" }).click();
  await expect(plain.getByRole("link", { name: "Choose the time zone." })).toBeVisible();
  await expect(plain.getByLabel("Name of the school")).toHaveValue("Riverside");
  await plain.getByLabel("Time zone").selectOption("Europe/Prague");
  await plain.getByRole("button", { name: "Save and go on" }).click();
  await expect(plain.getByRole("heading", { name: "Your account" })).toBeVisible();
  await context.close();

  // Left and taken up again elsewhere: the same link goes on with what is there.
  await page.goto(link);
  await expect(page).toHaveURL(/\/administrator$/);
  await page.getByRole("link", { name: "Back to the school" }).click();
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Prague");
  await expectGood();
  await page.getByLabel("Name of the school").fill("");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name of the school")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Name of the school").fill("Riverside School");
  await page.keyboard.press("Enter");
  await expect(page.getByText("first administrator of Riverside School")).toBeVisible();
  expect(await client.school.findMany({ select: { name: true, timeZone: true } })).toEqual([
    { name: "Riverside School", timeZone: "Europe/Prague" },
  ]);
});

test("the first administrator is made once, signed in, and the link is over", async ({ browser }) => {
  await page.getByLabel("Given name").fill("Hana");
  await page.getByLabel("Family name").fill("Head");
  await page.getByLabel("Email address").fill(ADMINISTRATOR.email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await expectGood();
  await page.getByRole("button", { name: "Create account and go on" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Email address")).toHaveValue(ADMINISTRATOR.email);
  const link = new URL(page.url()).pathname;
  await page.getByLabel("Password", { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Create account and go on" }).click();
  await expect(page).toHaveURL(/\/admin\/import\?setup=1$/);
  const stranger = await browser.newPage({ baseURL: product.baseUrls[0] ?? "" });
  await stranger.goto(link);
  await expect(stranger.getByRole("heading", { name: "This link no longer works" })).toBeVisible();
  await stranger.close();
  expect(await createSetupLink(client)).toBeNull();
});

test("a file that is no roster is refused with what to mend", async () => {
  await expectGood();
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByRole("link", { name: "Choose a file first." })).toBeVisible();
  await choose("notes.zip", Buffer.from("not a zip"));
  await expect(page.getByRole("heading", { level: 1, name: "This file has problems" })).toBeVisible();
  await expect(page.getByText("This is neither a folder nor a ZIP file.")).toBeVisible();
  await page.getByRole("link", { name: "Choose another file" }).click();
  const users = (files["users.csv"] ?? "").replace("user-", "user-").replaceAll("student,", "student,");
  const broken = users
    .split("\n")
    .map((line, n) => (n === 3 || n === 5 ? line.replace(/[^,]*@[^,]*/, "no address") : line));
  await choose("broken.zip", await zipped({ ...files, "users.csv": broken.join("\n") }));
  await expect(page.getByRole("heading", { level: 1, name: "This file has problems" })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole("heading", { name: "2 problems" })).toBeVisible();
  await expect(page.getByText("lines 4, 6")).toBeVisible();
  await expectGood();
  expect(await client.user.count()).toBe(1);
});

test("a roster is previewed, imported once, and makes the school complete; its administrator stays one", async () => {
  await page.getByRole("link", { name: "Choose another file" }).click();
  // The roster knows the administrator, as a teacher.
  const lines = (files["users.csv"] ?? "").split("\n");
  const teacher = lines.findIndex((line) => /\bteacher\b/.test(line));
  lines[teacher] = (lines[teacher] ?? "").replace(/[^,]*@[^,]*/, ADMINISTRATOR.email);
  await choose("riverside.zip", await zipped({ ...files, "users.csv": lines.join("\n") }));
  await expect(page.getByRole("heading", { level: 1, name: "Preview" })).toBeVisible({ timeout: 30_000 });
  expect(await client.user.count()).toBe(1);
  await expectGood();
  const people = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "People" }) });
  await expect(people.getByRole("cell").first()).not.toContainText(/^\D*0$/);
  await page.getByRole("button", { name: "Import now" }).click();
  // The roster makes the administrator a teacher too, and new roles end the session: signing in leads back to the import.
  await page.getByLabel("Email address").fill(ADMINISTRATOR.email, { timeout: 30_000 });
  await page.getByLabel("Password", { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Imported" })).toBeVisible();
  await expectGood();
  const [school, ...others] = await client.school.findMany();
  expect(others).toEqual([]);
  expect(school).toMatchObject({ name: "Riverside School", sourcedId: "riverside", awaitsRoster: false });
  const administrator = await client.user.findUniqueOrThrow({ where: { email: ADMINISTRATOR.email } });
  expect([...administrator.roles].sort()).toEqual(["ADMIN", "TEACHER"]);
  expect(administrator.sourcedId).not.toBeNull();
  expect(await client.rosterImportChunk.count()).toBe(0);
  await page.getByRole("link", { name: "Go on to invitations" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Invitations" })).toBeVisible();
});

test("links are made for one class, once, and let its student in; the office's home says what is left", async ({
  browser,
}) => {
  await expectGood();
  await page.getByLabel("For whom").selectOption("Students");
  await page.getByLabel("Of which class").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Make links" }).click();
  const slips = page.getByRole("region", { name: "Sheet of links" }).getByRole("listitem");
  await expect(slips.first()).toContainText("/invite/");
  await expectGood();
  const link = /http:\S+\/invite\/\S+/.exec(await slips.first().innerText())?.[0] ?? "";
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(link);
  await theirs.getByLabel("New password").fill("four words in a row");
  await theirs.getByRole("button", { name: "Save and sign in" }).click();
  await theirs.waitForURL((url) => url.pathname === "/sections");
  await theirs.context().close();
  await page.getByRole("button", { name: "Make links" }).click();
  await expect(page.getByText("All of them have a link that works, or a password.")).toBeVisible();
  await page.getByRole("link", { name: "Finish" }).click();
  await expect(
    page.getByRole("region", { name: "Left to do" }).getByRole("link", { name: /invite them/ }),
  ).toBeVisible();
  await expectGood();
  await page.goto("/admin/import");
  await expect(page.getByRole("table", { name: "Earlier imports" }).getByRole("row")).toHaveCount(5);
  await expectGood();
});
