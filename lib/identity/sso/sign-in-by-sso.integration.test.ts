import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { SsoProvider } from "@/lib/platform/runtime/sso-env";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { verifyAccessToken } from "../sessions/access-token";
import { rotateRefreshToken } from "../sessions/rotate-refresh-token";
import { signInBySso, ssoProviderOfSession } from "./sign-in-by-sso";

const provider: SsoProvider = {
  id: "alpha",
  name: "Alpha",
  issuer: "https://id.example.edu",
  clientId: "campus",
  clientSecret: "secret",
  domains: ["test.campusos.example"],
};
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: 6 });
});

describe("signing in elsewhere", () => {
  it("opens a session of ours with the roles of the person, which knows where it came from", async () => {
    const outcome = await enter(claims(0, "s0"));
    if ("refused" in outcome) throw new Error(outcome.refused);
    const { tokens, userId } = outcome;
    expect(userId).toBe(person(0).id);
    expect(await verifyAccessToken(tokens.accessToken)).toMatchObject({ userId, roles: ["STUDENT"] });
    expect(await rotateRefreshToken(call(), tokens.refreshToken)).toMatchObject({ sessionId: tokens.sessionId });
    expect(await ssoProviderOfSession(tokens.sessionId, [provider])).toBe(provider);
    expect(await ssoProviderOfSession(tokens.sessionId, [])).toBeNull();
  });

  it("links once, whoever comes first of many at the same moment", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => enter(claims(1, "s1"))));
    expect(outcomes.every((outcome) => "tokens" in outcome)).toBe(true);
    expect(await db().ssoIdentity.count({ where: { userId: person(1).id } })).toBe(1);
    const linked = await db().auditEntry.count({ where: { action: "identity.sso_linked", objectId: person(1).id } });
    expect(linked).toBe(1);
  });

  it("of two subjects with one address the first has it, also at the same moment", async () => {
    const outcomes = await Promise.all(["s2", "s2-other"].map((subject) => enter(claims(2, subject))));
    expect(outcomes.map((outcome) => ("refused" in outcome ? outcome.refused : "in")).toSorted()).toEqual([
      "in",
      "sso_other",
    ]);
  });

  it("knows a person of another issuer beside the first, and of one issuer never two", async () => {
    await enter(claims(3, "same"));
    const beta = { ...provider, id: "beta", issuer: "https://other.example.edu" };
    expect(await signInBySso(call(), { provider: beta, claims: claims(4, "same") })).toMatchObject({
      userId: person(4).id,
    });
    expect(await signInBySso(call(), { provider: beta, claims: claims(3, "its-own") })).toMatchObject({
      userId: person(3).id,
    });
  });

  it("lets nobody in without a subject, and nobody who has no role", async () => {
    expect(await enter({ ...claims(5, ""), sub: undefined })).toEqual({ refused: "sso_unknown" });
    await db().user.update({ where: { id: person(5).id }, data: { roles: [] } });
    expect(await enter(claims(5, "s5"))).toEqual({ refused: "sso_unknown" });
    expect(await db().ssoIdentity.count({ where: { userId: person(5).id } })).toBe(0);
  });
});

function person(index: number) {
  return at(school.students, index);
}

function call() {
  return { requestId: newId(), now: new Date(), source: "web" as const };
}

function claims(index: number, sub: string) {
  return { sub, email: person(index).email, email_verified: true };
}

function enter(given: Record<string, unknown>) {
  return signInBySso(call(), { provider, claims: given });
}
