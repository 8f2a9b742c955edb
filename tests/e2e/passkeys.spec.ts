// Passkeys, with an authenticator that Chromium pretends: adding one, signing in with it, removing it.
import { expect, type Page, test } from "@playwright/test";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb } from "@/lib/platform/db/client";
import { ownProduct } from "@/tests/support/e2e-products";
import { at, buildSchool } from "@/tests/support/school";
import { expectFits } from "./fits";
import { fillSignIn, signInTo } from "./sign-in";

const password = "the fog lifts at noon";

async function someone(): Promise<{ email: string; password: string }> {
  const client = createDb(ownProduct().databaseUrl, 1);
  try {
    const { email, id } = at((await buildSchool(client, { students: 1 })).students, 0);
    await client.user.update({ where: { id }, data: { passwordHash: await hashPassword(password) } });
    return { email, password };
  } finally {
    await client.$disconnect();
  }
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Not merely on the way there: the sign-in page has the path in its address too. */
const isAtWeek = (page: Page) => expect(page).toHaveURL((url) => url.pathname === "/timetable");

/** A device with a finger that is always there; `isVerified`: that is the right one. */
async function device(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    verified: (isUserVerified: boolean) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

test("a passkey is added, signs in without a password, stands in for the second step, and is removed", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const person = await someone();
  const finger = await device(page);
  await signInTo(page, person, "/account/sign-in-methods");
  await page.getByRole("button", { name: "Add a passkey on this device" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("The passkey is added.")).toBeVisible();
  await expect(page.getByText("Not used yet.")).toBeVisible();
  expect(await finger.credentials()).toMatchObject([{ isResidentCredential: true, rpId: "localhost" }]);
  await expectFits(page);
  await press(page, "Make new recovery codes");
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const recovery = (await codes.first().textContent()) ?? "";
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());

  await page.goto("/login?from=/timetable");
  await expect(page.getByLabel("Email address")).toHaveAttribute("autocomplete", "username webauthn");
  await expectFits(page);
  // Who the device does not know is not let in.
  await finger.verified(false);
  await press(page, "Sign in with a passkey");
  await expect(page.getByText("Signing in with a passkey did not work.")).toBeVisible();
  await expectFits(page);
  await finger.verified(true);
  const [before] = await finger.credentials();
  await press(page, "Sign in with a passkey");
  await isAtWeek(page);
  expect((await finger.credentials())[0]?.signCount).toBeGreaterThan(before?.signCount ?? 0);
  await page.context().clearCookies();

  // Here a passkey was used before: the field of the address offers it, and the pretended finger takes it.
  await page.goto("/login?from=/timetable");
  await isAtWeek(page);
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());

  // The password alone is not enough for who has a passkey.
  await page.goto("/login?from=/timetable");
  await fillSignIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "One more step" })).toBeVisible();
  await expect(page.getByLabel("Code from the app")).toHaveCount(0);
  await expectFits(page);
  await press(page, "Sign in with a passkey");
  await isAtWeek(page);
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto("/login");
  await fillSignIn(page, person);
  await page.getByText("You do not have your device?").click();
  await page.getByLabel("Recovery code").fill(recovery);
  await press(page, "Go on");
  await expect(page).toHaveURL(/\/sections$/);

  await page.goto("/account/sign-in-methods");
  await expect(page.getByText(/Last used/)).toBeVisible();
  await page.getByRole("button", { name: /^Remove the passkey / }).click();
  await expect(page.getByText("The passkey is removed.")).toBeVisible();
  await page.context().clearCookies();
  await page.goto("/login?from=/timetable");
  await press(page, "Sign in with a passkey");
  await expect(page.getByText("Signing in with a passkey did not work.")).toBeVisible();
  await fillSignIn(page, person);
  await isAtWeek(page);
});
