import { describe, expect, it } from "vitest";
import { readSso } from "./sso-env";

const good = {
  PUBLIC_URL: "https://campus.example.edu",
  SSO_PROVIDERS: "google, entra",
  SSO_GOOGLE_ISSUER: "https://accounts.google.com/",
  SSO_GOOGLE_CLIENT_ID: "id",
  SSO_GOOGLE_CLIENT_SECRET: "very secret",
  SSO_GOOGLE_NAME: "Google",
  SSO_GOOGLE_DOMAINS: "Example.edu, @students.example.edu",
  SSO_ENTRA_ISSUER: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
  SSO_ENTRA_CLIENT_ID: "id",
  SSO_ENTRA_CLIENT_SECRET: "very secret",
  SSO_ENTRA_NAME: "School account",
  SSO_ENTRA_DOMAINS: "example.edu",
};

describe("the settings of signing in elsewhere", () => {
  it("are several providers in their order, or none", () => {
    expect(readSso({})).toEqual({ providers: [], problems: [] });
    expect(readSso({ SSO_PROVIDERS: "" })).toEqual({ providers: [], problems: [] });
    expect(readSso({ SSO_URL: "of something else" })).toEqual({ providers: [], problems: [] });
    const { providers, problems } = readSso(good);
    expect(problems).toEqual([]);
    expect(providers).toMatchObject([
      { id: "google", issuer: "https://accounts.google.com", domains: ["example.edu", "students.example.edu"] },
      { id: "entra", name: "School account", domains: ["example.edu"] },
    ]);
  });

  it.each<[change: Record<string, string | undefined>, says: string]>([
    [{ SSO_GOOGLE_CLIENT_ID: undefined }, "SSO_GOOGLE_CLIENT_ID: is missing"],
    [{ SSO_GOOGLE_CLIENT_SECRET: "" }, "SSO_GOOGLE_CLIENT_SECRET: is missing"],
    [{ SSO_GOOGLE_ISSUER: "google" }, "SSO_GOOGLE_ISSUER: must be the address of an issuer"],
    [{ SSO_GOOGLE_ISSUER: "http://accounts.google.com" }, "SSO_GOOGLE_ISSUER: must be https"],
    [
      { SSO_ENTRA_ISSUER: "https://login.microsoftonline.com/common/v2.0" },
      "SSO_ENTRA_ISSUER: must name the school's own",
    ],
    [{ SSO_GOOGLE_DOMAINS: "example.edu," }, "SSO_GOOGLE_DOMAINS: must be domains"],
    [{ SSO_GOOGLE_DOMAINS: undefined }, "SSO_GOOGLE_DOMAINS: is missing"],
    [{ SSO_PROVIDERS: "google,entra,google" }, "SSO_PROVIDERS: must be different names"],
    [{ SSO_PROVIDERS: "google,entra,My School" }, "SSO_PROVIDERS: must be different names"],
    [{ SSO_PROVIDERS: "google" }, "SSO_ENTRA_ISSUER: belongs to no provider"],
    [{ SSO_PROVIDERS: "google,entra,credentials" }, "SSO_PROVIDERS: must be different names"],
    [{ PUBLIC_URL: undefined }, "PUBLIC_URL: is needed"],
  ])("are refused with the name and the rule, never a value: %o", (change, says) => {
    const { problems } = readSso({ ...good, ...change });
    expect(problems.join("\n")).toContain(says);
    expect(problems.join("\n")).not.toContain("very secret");
  });
});
