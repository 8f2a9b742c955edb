import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { env } from "./env";
import { singleton } from "./singleton";

export type SigningKey = { privateKey: KeyObject; publicKey: KeyObject; kid: string; publicJwk: PublicJwk };
export type PublicJwk = { kty: "EC"; crv: "P-256"; x: string; y: string; kid: string; alg: "ES256"; use: "sig" };
export type VapidKeys = { publicKey: string; privateKey: string; subject: string };

/**
 * The key that signs access tokens (ES256): CAMPUS_SIGNING_KEY, or one made once and kept in the data folder. Throws
 * when it is not a P-256 private key: a process must not start with a key that others cannot verify.
 */
export function signingKey(): SigningKey {
  return singleton("signingKey", () => {
    // A PEM in one line of an environment file has its line breaks written out.
    const given = env().CAMPUS_SIGNING_KEY?.replaceAll("\\n", "\n");
    return signingKeyFromPem(given ?? keptSecret("signing-key.pem", newSigningPem));
  });
}

/** A key for one purpose, derived from the signing key: the same in every process, and no secret more to keep. */
export function derivedKey(purpose: string): Buffer {
  return singleton(`derivedKey ${purpose}`, () => {
    const secret = signingKey().privateKey.export({ type: "pkcs8", format: "der" });
    return Buffer.from(hkdfSync("sha256", secret, "", `campusos ${purpose}`, 32));
  });
}

/** The secret of Auth.js' own CSRF token: NEXTAUTH_SECRET, or one made once and kept in the data folder. */
export function nextAuthSecret(): string {
  return singleton(
    "nextAuthSecret",
    () => env().NEXTAUTH_SECRET ?? keptSecret("nextauth-secret", () => randomBytes(32).toString("base64url")),
  );
}

/** The key pair that names this server to push services (RFC 8292), base64url; both from the environment or both kept. */
export function vapidKeys(): VapidKeys {
  return singleton("vapidKeys", () => {
    const { VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT, PUBLIC_URL } = env();
    if (Boolean(VAPID_PUBLIC_KEY) !== Boolean(VAPID_PRIVATE_KEY))
      throw new Error("VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY belong together: set both or neither.");
    const privateKey = VAPID_PRIVATE_KEY ?? keptSecret("vapid-private-key", newVapidPrivateKey);
    const publicKey = vapidPublicKeyOf(privateKey);
    if (VAPID_PUBLIC_KEY && VAPID_PUBLIC_KEY !== publicKey)
      throw new Error("VAPID_PUBLIC_KEY is not the public half of VAPID_PRIVATE_KEY.");
    const site = PUBLIC_URL?.startsWith("https:") ? new URL(PUBLIC_URL).origin : undefined;
    return { publicKey, privateKey, subject: VAPID_SUBJECT ?? site ?? "mailto:campusos@example.org" };
  });
}

/** Makes a `SigningKey` of a PKCS #8 PEM; its `kid` is the key's RFC 7638 thumbprint. */
export function signingKeyFromPem(pem: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new Error("CAMPUS_SIGNING_KEY is not a private key in PEM.");
  }
  if (privateKey.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    throw new Error("CAMPUS_SIGNING_KEY is not a key on the curve P-256.");
  const publicKey = createPublicKey(privateKey);
  const { x, y } = publicKey.export({ format: "jwk" });
  if (x === undefined || y === undefined) throw new Error("CAMPUS_SIGNING_KEY has no public point.");
  const kid = createHash("sha256")
    .update(JSON.stringify({ crv: "P-256", kty: "EC", x, y }))
    .digest("base64url");
  return { privateKey, publicKey, kid, publicJwk: { kty: "EC", crv: "P-256", x, y, kid, alg: "ES256", use: "sig" } };
}

/**
 * A secret in the data folder, made at first use. The file appears whole and only once (a hard link fails when another
 * process was first; then that one's secret is read), readable by the owner alone.
 */
function keptSecret(name: string, make: () => string): string {
  const folder = path.join(env().CAMPUS_DATA_DIR, "keys");
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    fs.writeFileSync(draft, make(), { mode: 0o600, flag: "wx", flush: true });
    try {
      fs.linkSync(draft, file);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      fs.unlinkSync(draft);
    }
  }
  return fs.readFileSync(file, "utf8").trim();
}

function newSigningPem(): string {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
}

function newVapidPrivateKey(): string {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  // The number may be shorter than 32 bytes when it begins with zeros; push libraries want all 32.
  return Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
    .subarray(-32)
    .toString("base64url");
}

function vapidPublicKeyOf(privateKey: string): string {
  const pair = createECDH("prime256v1");
  try {
    pair.setPrivateKey(Buffer.from(privateKey, "base64url"));
  } catch {
    throw new Error("VAPID_PRIVATE_KEY is not a P-256 private key in base64url.");
  }
  return pair.getPublicKey().toString("base64url");
}
