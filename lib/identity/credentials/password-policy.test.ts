import { describe, expect, it } from "vitest";
import { passwordProblem } from "./password-policy";
import { loginInput } from "../schema";

const email = "noor.lindqvist@school.example";

describe("passwordProblem", () => {
  it("asks for length and nothing else", () => {
    expect(passwordProblem("short12", email)).toBe("tooShort");
    expect(passwordProblem("four calm words here", email)).toBeNull();
    expect(passwordProblem("пароль-длинный", email)).toBeNull();
    expect(passwordProblem("x y".repeat(400), email)).toBe("tooLong");
  });

  it("counts as signing in does, so that a password that was set is one to sign in with", () => {
    const emoji = ["🦉", "🌲", "🌙"];
    const text = (length: number) => Array.from({ length }, (_, n) => emoji[n % 3]).join("");
    const enter = (password: string) => loginInput.safeParse({ email, password }).success;
    expect([passwordProblem(text(1024), email), enter(text(1024))]).toEqual([null, true]);
    expect([passwordProblem(text(1025), email), enter(text(1025))]).toEqual(["tooLong", false]);
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
