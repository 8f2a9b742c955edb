import { expect, it } from "vitest";
import { base32, stepOfCode, totpCode, totpUri } from "./totp";

const rfcSecret = Buffer.from("12345678901234567890");

// RFC 6238, appendix B, SHA1.
it.each([
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
])("has the code of RFC 6238 at second %i", (second, code) => {
  expect(totpCode(rfcSecret, Math.floor(second / 30), 8)).toBe(code);
  expect(totpCode(rfcSecret, Math.floor(second / 30))).toBe(code.slice(2));
});

it("finds the step of a code within one of now, and of no other", () => {
  const code = totpCode(rfcSecret, 100);
  expect([98, 99, 100, 101, 102].map((now) => stepOfCode(rfcSecret, code, now))).toEqual([null, 100, 100, 100, null]);
  expect(stepOfCode(rfcSecret, "", 100)).toBeNull();
});

// RFC 4648, section 10, without padding.
it.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("writes %j in base32 as RFC 4648 does", (text, written) => {
  expect(base32(Buffer.from(text))).toBe(written);
});

it("makes an address that keeps issuer and account apart, whatever they are called", () => {
  const uri = new URL(totpUri(rfcSecret, { school: "North: A & B", email: "ida@example.org" }));
  expect(decodeURIComponent(uri.pathname)).toMatch(/\/North {2}A & B:ida@example\.org$/);
  expect(uri.searchParams.get("issuer")).toBe("North  A & B");
  expect(uri.searchParams.get("secret")).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
});
