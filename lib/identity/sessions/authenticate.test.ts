import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { signAccessToken } from "./access-token";
import { authenticateRequest } from "./authenticate";

const refuseRevoked = vi.hoisted(() => vi.fn(async (_sessionId: string) => undefined));
vi.mock("./revocations", () => ({ refuseRevoked }));

const actor = { userId: "u1", schoolId: "s1", roles: ["STUDENT" as const], sessionId: "a1" };
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("CAMPUS_SIGNING_KEY", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  vi.stubEnv("PUBLIC_URL", "");
});

describe("authenticateRequest", () => {
  it("knows the caller by bearer token and by cookie", async () => {
    const token = await signAccessToken(actor, new Date());
    expect(await ask({ authorization: `Bearer ${token}` })).toEqual({ actor, via: "bearer" });
    expect(await ask({ cookie: `a=b; next-auth.session-token=${token}; c=d` })).toEqual({ actor, via: "cookie" });
    expect(refuseRevoked).toHaveBeenCalledWith("a1");
  });

  it("judges a request with an Authorization header by that alone", async () => {
    const token = await signAccessToken(actor, new Date());
    const headers = { authorization: "Bearer no", cookie: `next-auth.session-token=${token}` };
    await expect(ask(headers)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("answers anything malformed with unauthenticated", async () => {
    for (const authorization of [
      "",
      "Bearer",
      "Bearer ",
      "Basic YTpi",
      "Bearer a b",
      "Bearer ..",
      "\u00e9",
      "Bearer é",
    ])
      await expect(ask({ authorization })).rejects.toMatchObject({ code: "unauthenticated" });
    for (const cookie of ["", "=", ";;;", "next-auth.session-token", "next-auth.session-token=", "x=%%%"])
      await expect(ask({ cookie })).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("takes the cookie of an https site only by its __Host- name", async () => {
    vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
    const token = await signAccessToken(actor, new Date());
    for (const name of ["next-auth.session-token", "__Secure-next-auth.session-token"])
      await expect(ask({ cookie: `${name}=${token}` })).rejects.toMatchObject({ status: 401 });
    expect(await ask({ cookie: `__Host-next-auth.session-token=${token}` })).toMatchObject({ via: "cookie" });
  });
});

function ask(headers: Record<string, string>) {
  return authenticateRequest(new Headers(headers));
}
