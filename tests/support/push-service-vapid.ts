import { importJWK, jwtVerify, type JWTPayload } from "jose";

export type VapidVerdict = { payload: JWTPayload; token: string } | { status: 401 | 403; error: string };

/**
 * Judges an `Authorization: vapid t=…,k=…` header as push services do (RFC 8292): ES256 over our origin, at most 24 hours
 * ahead, a contact, and the key that the subscription was made for.
 */
export async function judgeVapid(
  authorization: string | undefined,
  origin: string,
  subscriptionKey: Buffer | null,
): Promise<VapidVerdict> {
  const match = /^vapid\s+(.*)$/i.exec(authorization ?? "");
  const fields = new Map(
    (match?.[1] ?? "").split(",").map((part): [string, string] => {
      const [name = "", ...rest] = part.trim().split("=");
      return [name, rest.join("=")];
    }),
  );
  const token = fields.get("t");
  const raw = Buffer.from(fields.get("k") ?? "", "base64url");
  if (token === undefined) return { status: 401, error: "no t= in the vapid header" };
  if (raw.length !== 65 || raw[0] !== 4) return { status: 401, error: "k= is not an uncompressed point" };
  if (subscriptionKey && !raw.equals(subscriptionKey)) return { status: 403, error: "not the key of the subscription" };
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: raw.subarray(1, 33).toString("base64url"),
    y: raw.subarray(33).toString("base64url"),
  };
  try {
    const { payload } = await jwtVerify(token, await importJWK(jwk, "ES256"), {
      algorithms: ["ES256"],
      audience: origin,
      clockTolerance: 5,
    });
    if (payload.exp === undefined || payload.exp > Date.now() / 1_000 + 86_460)
      return { status: 401, error: "bad exp" };
    if (!/^(mailto:[^<>\s]+@|https:)/.test(payload.sub ?? "")) return { status: 401, error: "bad sub" };
    return { payload, token };
  } catch (error) {
    return { status: 401, error: error instanceof Error ? error.message : "bad token" };
  }
}
