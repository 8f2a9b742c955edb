import { execFile } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { nextAuthSecret, signingKey, signingKeyFromPem, vapidKeys } from "./secrets";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-secrets-"));
  vi.stubEnv("CAMPUS_DATA_DIR", folder);
  for (const name of [
    "CAMPUS_SIGNING_KEY",
    "NEXTAUTH_SECRET",
    "VAPID_PUBLIC_KEY",
    "VAPID_PRIVATE_KEY",
    "VAPID_SUBJECT",
  ])
    vi.stubEnv(name, "");
  forgetSingletons();
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("secrets that nobody gave", () => {
  it("are made once, kept for the next start, and readable by the owner alone", () => {
    const first = [signingKey().kid, nextAuthSecret(), vapidKeys().privateKey];
    forgetSingletons();
    expect([signingKey().kid, nextAuthSecret(), vapidKeys().privateKey]).toEqual(first);
    const keys = path.join(folder, "keys");
    expect(fs.statSync(keys).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(keys).sort()).toEqual(["nextauth-secret", "signing-key.pem", "vapid-private-key"]);
    for (const name of fs.readdirSync(keys)) expect(fs.statSync(path.join(keys, name)).mode & 0o777).toBe(0o600);
  });

  it("are the same for processes that start at the same moment", async () => {
    const run = () =>
      promisify(execFile)(process.execPath, ["--import", "tsx", path.resolve("tests/support/secrets-process.ts")], {
        env: { ...process.env, CAMPUS_DATA_DIR: folder },
      });
    const answers = await Promise.all([run(), run(), run(), run()]);
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  }, 30_000);
});

describe("secrets of the environment", () => {
  it("are used, also when the key's line breaks are written out", () => {
    const pem = newPem("prime256v1");
    vi.stubEnv("CAMPUS_SIGNING_KEY", pem.replaceAll("\n", "\\n"));
    expect(signingKey().kid).toBe(signingKeyFromPem(pem).kid);
    expect(fs.existsSync(path.join(folder, "keys"))).toBe(false);
  });

  it("stop the process when they are wrong, without being told", () => {
    for (const wrong of ["hunter2", newPem("secp384r1")]) {
      forgetSingletons();
      vi.stubEnv("CAMPUS_SIGNING_KEY", wrong);
      expect(() => signingKey()).toThrow(/^CAMPUS_SIGNING_KEY is not a[^\n]{0,60}$/);
    }
  });

  it("of push belong together", () => {
    const { publicKey, privateKey } = vapidKeys();
    forgetSingletons();
    vi.stubEnv("VAPID_PRIVATE_KEY", privateKey);
    expect(() => vapidKeys()).toThrow(/belong together/);
    forgetSingletons();
    vi.stubEnv("VAPID_PUBLIC_KEY", publicKey);
    expect(vapidKeys()).toMatchObject({ publicKey, privateKey });
    forgetSingletons();
    vi.stubEnv("VAPID_PUBLIC_KEY", `${publicKey.slice(0, -2)}AA`);
    expect(() => vapidKeys()).toThrow(/not the public half/);
  });
});

describe("the signing key", () => {
  it("publishes the public half that verifies what the private half signs", () => {
    const { privateKey, publicJwk } = signingKey();
    const signature = sign("sha256", Buffer.from("x"), privateKey);
    const { kty, crv, x, y } = publicJwk;
    const key = createPublicKey({ key: { kty, crv, x, y }, format: "jwk" });
    expect(verify("sha256", Buffer.from("x"), key, signature)).toBe(true);
    expect(Object.keys(publicJwk).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  });
});

function newPem(namedCurve: string): string {
  return generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
