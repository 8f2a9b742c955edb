import { beforeEach, describe, expect, it } from "vitest";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import { metrics } from "@/lib/platform/runtime/metrics";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { forgetAllTries } from "@/tests/support/tries";
import { acceptInvitation, createInvitations } from "../invitations/invitations";
import { rotateRefreshToken } from "../sessions/rotate-refresh-token";
import { openSession } from "../sessions/sessions";
import { setUpSchool } from "../setup/set-up-school";
import { LIMITS } from "./table";
import { takeTry } from "./tries";

const password = "four calm words here";
const guesser = "198.51.100.80";
const call = (address = guesser) => ({ requestId: newId(), now: new Date(), source: "web" as const, address });

beforeEach(() => forgetAllTries());

describe("who tries links and tokens that are none", () => {
  it.each([
    ["invitation", "not_found", () => acceptInvitation(call(), { token: newId(), password })],
    ["setUp", "not_found", () => setUpSchool(call(), { token: newId(), name: "X", timeZone: "UTC", locale: "en" })],
    ["refresh", "refresh_token_invalid", () => rotateRefreshToken(call(), newId())],
  ] as const)("is refused for a while: %s", async (kind, code, guess) => {
    for (let n = 0; n < LIMITS[kind].address.most; n++) expect(await codeOf(guess())).toBe(code);
    const refused: unknown = await guess().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "too_many_attempts", status: 429 });
    expect((refused as AppError).retryAfterSeconds).toBeGreaterThan(0);
    const text = await metrics().metrics();
    expect(text).toContain(`campus_identity_refused_tries_total{kind="${kind}",by="address"} 1`);
    expect(text).not.toContain(guesser);
  });

  it("keeps nobody out who has a right one", async () => {
    const school = await buildSchool(db(), { students: 2 });
    const [invited, other] = [at(school.students, 0), at(school.students, 1)];
    for (let n = 0; n <= LIMITS.invitation.address.most; n++)
      await codeOf(acceptInvitation(call(), { token: newId(), password }));
    for (let n = 0; n <= LIMITS.refresh.address.most; n++) await codeOf(rotateRefreshToken(call(), newId()));
    const [link] = await db().$transaction((tx) => createInvitations(tx, [invited.id]));
    await acceptInvitation(call(), { token: link?.token ?? "", password });
    const opened = await db().$transaction((tx) => openSession(tx, other.id, new Date()));
    await rotateRefreshToken(call(), opened?.refreshToken ?? "");
  });
});

describe("enrolling", () => {
  it("is limited for a person, far above what people do, and for nobody else", async () => {
    const school = await buildSchool(db(), { students: 2 });
    const [one, other] = [contextOf(at(school.students, 0)), contextOf(at(school.students, 1))];
    for (let n = 0; n < LIMITS.enroll.account.most; n++) await takeTry("enroll", { account: one.actor.userId });
    const input = { sectionId: newId(), joinWaitlist: false };
    expect(await codeOf(enroll(one, input))).toBe("too_many_attempts");
    expect(await codeOf(enroll(other, input))).toBe("section_not_found");
  });
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  return outcome instanceof AppError ? outcome.code : "done";
}
