import { describe, expect, it } from "vitest";
import { verifiedEmail } from "./verified-email";

const domains = ["example.edu", "gmail.com"];
const any = { issuer: "https://id.example.edu", domains };
const google = { issuer: "https://accounts.google.com", domains };
const entra = { issuer: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0", domains };
const ann = { email: "Ann@Example.edu", email_verified: true };

describe("the address that an issuer vouches for", () => {
  it("is one that it has verified, of a domain that it may vouch for", () => {
    expect(verifiedEmail(any, ann)).toEqual({ email: "ann@example.edu" });
    for (const email_verified of [false, undefined, "true", 1])
      expect(verifiedEmail(any, { ...ann, email_verified })).toEqual({ refused: "sso_unverified" });
    for (const email of ["", "ann", "@example.edu", "ann@", "a b@example.edu", 7, undefined])
      expect(verifiedEmail(any, { ...ann, email })).toEqual({ refused: "sso_unverified" });
    for (const email of [
      "ann@example.org",
      "ann@sub.example.edu",
      "ann@example.edu.evil.example",
      "ann@notexample.edu",
    ])
      expect(verifiedEmail(any, { ...ann, email })).toEqual({ refused: "sso_domain" });
    expect(verifiedEmail(any, { ...ann, email: "a@evil.example@example.edu" })).toEqual({ refused: "sso_unverified" });
  });

  it("is of the Workspace itself with Google: anybody may have verified an address once", () => {
    expect(verifiedEmail(google, { ...ann, hd: "example.edu" })).toEqual({ email: "ann@example.edu" });
    expect(verifiedEmail(google, ann)).toEqual({ refused: "sso_unverified" });
    expect(verifiedEmail(google, { ...ann, hd: "other.edu" })).toEqual({ refused: "sso_unverified" });
    expect(verifiedEmail(google, { email: "bo@gmail.com", email_verified: true })).toEqual({ email: "bo@gmail.com" });
  });

  it("needs the owner of the domain with Microsoft Entra: a tenant may write any address", () => {
    for (const xms_edov of [true, 1, "1", "true"])
      expect(verifiedEmail(entra, { email: ann.email, xms_edov })).toEqual({ email: "ann@example.edu" });
    for (const xms_edov of [undefined, false, 0, "0", "false"])
      expect(verifiedEmail(entra, { ...ann, xms_edov })).toEqual({ refused: "sso_unverified" });
  });
});
