import { NextRequest, NextResponse } from "next/server";
import { beforeEach, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { renewSession } from "./renew-session";

const renewBrowserSession = vi.hoisted(() => vi.fn());
vi.mock("@/lib/identity/sessions/rotate-refresh-token", () => ({ renewBrowserSession }));

beforeEach(() => {
  forgetSingletons();
  vi.stubEnv("PUBLIC_URL", "https://campus.example.edu");
  const tokens = {
    accessToken: "access-2",
    refreshToken: "refresh-2",
    refreshExpiresAt: new Date(Date.now() + 60_000),
  };
  renewBrowserSession.mockReset().mockResolvedValue({ kind: "rotated", tokens });
});

it("a sign-in under the former names of an https site goes on under the present ones", async () => {
  const cookie = "__Secure-next-auth.session-token=access-1; __Secure-campusos.refresh-token=refresh-1";
  const request = new NextRequest("https://campus.example.edu/today", { headers: { cookie } });
  const put = await renewSession(request, "request-1");
  expect(renewBrowserSession.mock.calls[0]?.[1]).toBe("refresh-1");
  expect(request.cookies.get("__Host-next-auth.session-token")?.value).toBe("access-2");
  const response = NextResponse.next();
  put?.(response);
  expect(response.cookies.get("__Host-campusos.refresh-token")).toMatchObject({
    value: "refresh-2",
    httpOnly: true,
    secure: true,
    path: "/",
  });
  expect(response.cookies.get("__Host-campusos.refresh-token")?.domain).toBeUndefined();
  for (const name of ["__Secure-next-auth.session-token", "__Secure-campusos.refresh-token"])
    expect(response.cookies.get(name)).toMatchObject({ value: "", maxAge: 0 });
});

it("the former names count for nothing beside the present ones", async () => {
  const cookie = "__Host-campusos.refresh-token=present; __Secure-campusos.refresh-token=planted";
  await renewSession(new NextRequest("https://campus.example.edu/today", { headers: { cookie } }), "request-1");
  expect(renewBrowserSession.mock.calls[0]?.[1]).toBe("present");
});
