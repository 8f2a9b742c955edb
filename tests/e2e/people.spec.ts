// The office's people: finding somebody, letting them in, roles, ending and opening the account, and the log.
import { expect, type Page, test } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectFits } from "./fits";
import { signInTo } from "./sign-in";

const password = "the fog lifts at noon";

/** A school of its own, in which everybody but the last student has a password. */
async function scene() {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const school = await buildSchool(client, {
      students: 60,
      teachers: 1,
      guardiansOf: [0],
      sections: [{ enrolled: [0], teachers: [0] }],
    });
    const last = at(school.students, 59);
    const passwordHash = await hashPassword(password);
    await client.user.updateMany({
      where: { schoolId: school.school.id, id: { not: last.id } },
      data: { passwordHash },
    });
    return { ...school, last };
  } finally {
    await client.$disconnect();
  }
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("somebody is found by a part of the name, by role and by how the account is", async ({ page }) => {
  const { admin, last } = await scene();
  await signInTo(page, { email: admin.email, password }, "/admin/people");
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  await expect(page.getByText("63 people")).toBeVisible();
  await expectFits(page);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(13);
  await page.getByRole("link", { name: "First page" }).click();

  await page.getByLabel("Search").fill("0059");
  await expect(page.getByText("1 person")).toBeVisible();
  await expect(page).toHaveURL(/q=0059/);
  await expect(page.getByRole("rowheader")).toHaveText("Number0059, Student");
  await page.getByLabel("Search").fill("");
  await page.getByLabel("Account").selectOption({ label: "No password yet" });
  await expect(page.getByRole("rowheader")).toHaveText("Number0059, Student");
  await page.getByLabel("Search").fill("nobody like this");
  await expect(page.getByText("No one found").last()).toBeVisible();
  await expectFits(page);

  await page.goto("/admin/people?q=0059");
  await page.getByRole("link", { name: "Number0059, Student" }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/people/${last.id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Student Number0059" })).toBeVisible();
  await page.goto("/admin/people/nobody");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("not");
});

test("who cannot sign in gets a link at the desk, chooses a password and is in", async ({ page, browser }) => {
  const { admin, last } = await scene();
  await signInTo(page, { email: admin.email, password }, `/admin/people/${last.id}`);
  await press(page, "Make an invitation link");
  await expect(page.getByText("This link is shown this once.")).toBeVisible();
  await expectFits(page);
  const link = (await page.getByText(/http\S+\/invite\/\S+/).textContent()) ?? "";
  await page.reload();
  await expect(page.getByText(/\/invite\//)).toHaveCount(0);
  await expect(page.getByText(/Invitation works until/)).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(new URL(link.trim()).pathname);
  await theirs.getByLabel("New password").fill(password);
  await theirs.getByRole("button", { name: "Save and sign in" }).click();
  await expect(theirs).not.toHaveURL(/invite/);

  await page.reload();
  await expect(page.getByRole("button", { name: "Make a link for a new password" })).toBeVisible();
  await expect(
    page
      .getByRole("list")
      .getByText(/Last seen|last seen|signed in/i)
      .first(),
  ).toBeVisible();
  await page.getByRole("button", { name: /^Sign out Safari|^Sign out Chrome|^Sign out Firefox/ }).click();
  await expect(page.getByText("Signed out there.")).toBeVisible();
  await theirs.goto("/timetable");
  await expect(theirs).toHaveURL(/\/login/);
  await theirs.context().close();
});

test("an account is ended and opened again, and both stand in the log", async ({ page, browser }) => {
  const { admin, students, guardians, sections } = await scene();
  const student = at(students, 0);
  const theirs = await (await browser.newContext()).newPage();
  await signInTo(theirs, { email: student.email, password }, "/timetable");
  await signInTo(page, { email: admin.email, password }, `/admin/people/${student.id}`);
  await expect(page.getByRole("link", { name: "Guardian Number0000" })).toBeVisible();
  await expect(page.getByText(at(sections, 0).code)).toBeVisible();
  await expectFits(page);

  await page.getByText("End this account", { exact: true }).click();
  await press(page, "End the account of Student Number0000");
  await expect(page.getByText("The account has ended.", { exact: true })).toBeVisible();
  await theirs.goto("/timetable");
  await expect(theirs).toHaveURL(/\/login/);
  await theirs.context().close();
  await press(page, "Open the account again");
  await expect(page.getByText("The account is open again.")).toBeVisible();
  await expect(page.getByText(/Account opened again, by Admin Number0000/)).toBeVisible();

  await page.goto("/admin/log");
  await expect(page.getByRole("rowheader").first()).toHaveText("Account opened again");
  await expectFits(page);
  await page.getByLabel("About").selectOption({ label: "Rosters" });
  await expect(page.getByText("No entries")).toBeVisible();
  await page.goto(`/admin/people/${at(guardians, 0).id}`);
  await expect(page.getByRole("link", { name: "Student Number0000" })).toBeVisible();
});

test("roles are changed with the keys, and one's own are not", async ({ page }) => {
  const { admin, teachers } = await scene();
  const teacher = at(teachers, 0);
  await signInTo(page, { email: admin.email, password }, `/admin/people/${teacher.id}`);
  await expect(page.getByRole("checkbox", { name: /^Teacher/ })).toBeDisabled();
  await page.getByRole("checkbox", { name: "Administrator" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Save roles" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("The roles are saved.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Administrator" })).toBeChecked();
  await page.goto(`/admin/people/${admin.id}`);
  await expect(page.getByText("Another administrator can change your roles.")).toBeVisible();
  await expect(page.getByText("End this account")).toHaveCount(0);
});

test("a colleague is added without script, what is wrong is said, and the link is shown", async ({ browser }) => {
  const { admin, students } = await scene();
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signInTo(page, { email: admin.email, password }, "/admin/people/new");
  await page.getByLabel("First name").fill("Ida");
  await page.getByLabel("Last name").fill("Example");
  await page.getByLabel("Email").fill(at(students, 1).email);
  await press(page, "Add and make a link");
  await expect(page.getByText(/Another account has this address/).first()).toBeVisible();
  await expect(page.getByLabel("First name")).toHaveValue("Ida");
  await page.getByLabel("Email").fill(`ida.${admin.id.slice(-8)}@test.campusos.example`);
  await press(page, "Add and make a link");
  await expect(page.getByText(/http\S+\/invite\/\S+/)).toBeVisible();
  await page.getByRole("link", { name: "Open the person’s page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ida Example" })).toBeVisible();
  await page.context().close();
});
