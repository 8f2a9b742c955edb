import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { signingKey } from "@/lib/platform/runtime/secrets";
import type { Actor } from "@/lib/shared/context";
import { forgetSingletons } from "@/tests/support/singletons";
import { signAccessToken, verifyAccessToken } from "./access-token";

const actor: Actor = { userId: "u1", schoolId: "s1", roles: ["TEACHER", "GUARDIAN"], sessionId: "a1" };
const claims = { roles: ["ADMIN"], schoolId: "s1", sid: "a1" };

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("CAMPUS_SIGNING_KEY", newPem());
  vi.stubEnv("PUBLIC_URL", "");
});

describe("access tokens", () => {
  it("carries exactly the claims of the contract and lives ten minutes", async () => {
    const token = await signAccessToken(actor, new Date());
    const { iat, exp, ...rest } = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "at+jwt", kid: signingKey().kid });
    expect(rest).toEqual({
      iss: "campusos",
      aud: "campusos-api",
      sub: "u1",
      roles: ["TEACHER", "GUARDIAN"],
      schoolId: "s1",
      sid: "a1",
    });
    expect((exp ?? 0) - (iat ?? 0)).toBe(600);
    expect(await verifyAccessToken(token)).toEqual({ ...actor, expiresAt: (exp ?? 0) * 1000 });
  });

  it("says that a token has expired, and only of one that was ours", async () => {
    const old = new Date(Date.now() - 3_600_000);
    await expect(verifyAccessToken(await signAccessToken(actor, old))).rejects.toMatchObject({
      code: "access_token_expired",
    });
    const foreign = await sign({ key: newKey(), issuedAt: 1_000 });
    await expect(verifyAccessToken(foreign)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("says so also of one that it has verified before", async () => {
    const token = await signAccessToken(actor, new Date());
    await verifyAccessToken(token);
    vi.useFakeTimers({ now: Date.now() + 601_000, toFake: ["Date"] });
    await expect(verifyAccessToken(token)).rejects.toMatchObject({ code: "access_token_expired" });
    vi.useRealTimers();
  });

  it("refuses other algorithms, types, issuers, audiences and keys", async () => {
    const pem = signingKey().publicKey.export({ type: "spki", format: "pem" }).toString();
    const symmetric = new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setSubject("u1")
      .setIssuer("campusos")
      .setAudience("campusos-api")
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(pem));
    const forged = [
      await symmetric,
      new UnsecuredJWT(claims).setSubject("u1").setIssuer("campusos").setAudience("campusos-api").encode(),
      await sign({ typ: "JWT" }),
      await sign({ issuer: "https://evil.example" }),
      await sign({ audience: "https://fcm.googleapis.com" }),
      await sign({ key: newKey() }),
      await sign({ claims: { ...claims, roles: ["ROOT"] } }),
      await sign({ claims: { ...claims, roles: [] } }),
      await sign({ claims: { schoolId: "s1", roles: ["ADMIN"] } }),
    ];
    for (const token of forged)
      await expect(verifyAccessToken(token)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(verifyAccessToken(await sign({}))).resolves.toMatchObject({ roles: ["ADMIN"] });
  });

  it("refuses what is no token at all", async () => {
    const real = await signAccessToken(actor, new Date());
    const [header, , signature] = real.split(".");
    const payload = Buffer.from(JSON.stringify({ ...decodeJwt(real), roles: ["ADMIN"] })).toString("base64url");
    for (const token of ["", "a", "a.b.c", "..", `${real}x`, `${header}.${payload}.${signature}`, "e".repeat(1e6)])
      await expect(verifyAccessToken(token)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
}

function newPem(): string {
  return newKey().export({ type: "pkcs8", format: "pem" }).toString();
}

function sign(
  given: Partial<{
    key: KeyObject;
    typ: string;
    issuer: string;
    audience: string;
    claims: Record<string, unknown>;
    issuedAt: number;
  }>,
): Promise<string> {
  const issuedAt = given.issuedAt ?? Math.floor(Date.now() / 1000);
  return new SignJWT(given.claims ?? claims)
    .setProtectedHeader({ alg: "ES256", typ: given.typ ?? "at+jwt" })
    .setSubject("u1")
    .setIssuer(given.issuer ?? "campusos")
    .setAudience(given.audience ?? "campusos-api")
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 300)
    .sign(given.key ?? signingKey().privateKey);
}
