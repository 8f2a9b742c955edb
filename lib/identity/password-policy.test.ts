import { describe, expect, it } from "vitest";
import { passwordProblem } from "./password-policy";

const email = "noor.lindqvist@school.example";

describe("passwordProblem", () => {
  it("asks for length and nothing else", () => {
    expect(passwordProblem("short12", email)).toBe("tooShort");
    expect(passwordProblem("four calm words here", email)).toBeNull();
    expect(passwordProblem("пароль-длинный", email)).toBeNull();
    expect(passwordProblem("x y".repeat(400), email)).toBe("tooLong");
  });

  it("refuses what everybody tries first", () => {
    for (const password of ["password", "Password1", "12345678", "aaaaaaaaaa", "abababab", "QWERTY123"])
      expect(passwordProblem(password, email)).toBe("tooCommon");
  });

  it("refuses the account's own name", () => {
    expect(passwordProblem("Noor.Lindqvist@school.example", email)).toBe("tooCommon");
    expect(passwordProblem("lindqvist123", "lindqvist@school.example")).toBe("tooCommon");
  });
});
