import { describe, expect, it } from "vitest";
import { passwordProblem, passwordRules } from "./password-policy";
import { loginInput } from "../schema";

const noor = {
  givenName: "Noor",
  familyName: "Lindqvist",
  email: "n.lindqvist@riverside.example",
  roles: ["STUDENT"] as const,
};
const school = { name: "Riverside High School", passwordMinLength: 8 };
const rules = passwordRules(noor, school);
const problem = (password: string) => passwordProblem(password, rules);

describe("a new password", () => {
  it("is as long as its person's role and school ask", () => {
    const least = (roles: readonly ("STUDENT" | "GUARDIAN" | "TEACHER" | "ADMIN")[], length: number, second = false) =>
      passwordRules({ ...noor, roles }, { ...school, passwordMinLength: length }, second).least;
    expect(least(["STUDENT"], 10)).toBe(10);
    expect(least(["GUARDIAN"], 64)).toBe(64);
    expect(least(["TEACHER"], 10)).toBe(15);
    expect(least(["GUARDIAN", "ADMIN"], 8)).toBe(15);
    expect(least(["TEACHER"], 20)).toBe(20);
    expect(least(["ADMIN"], 20, true)).toBe(8);
  });

  it("needs length and nothing else of its characters", async () => {
    expect(await problem("short12")).toBe("tooShort");
    for (const password of ["four calm words here", "пароль-длинный", "kxvbwrtplm", "7Qd-2m/xx9", "九月的山上有雾气"])
      expect(await problem(password), password).toBeNull();
    expect(await problem("x y z".repeat(400))).toBe("tooLong");
  });

  it("is counted as signing in does, so that what was set is something to sign in with", async () => {
    const emoji = ["🦉", "🌲", "🌙", "🐌", "🍂"];
    const text = (length: number) => Array.from({ length }, (_, n) => emoji[(n * n + n) % 5]).join("");
    const enter = (password: string) => loginInput.safeParse({ email: noor.email, password }).success;
    expect([await problem(text(1024)), enter(text(1024))]).toEqual([null, true]);
    expect([await problem(text(1025)), enter(text(1025))]).toEqual(["tooLong", false]);
  });

  it.each([
    ["of the list", ["password", "12345678", "iloveyou", "1q2w3e4r", "trustno1", "1234qwer", "password2"]],
    ["of a school", ["student1", "teacher123", "campusos", "Classroom1!"]],
    [
      "with a year, digits or signs",
      ["student2026", "Password123!", "2026student", "!dragon!!", "Summer 2026", "monkey.2009"],
    ],
    ["in other cases, and backwards", ["PASSWORD", "pAsSwOrD", "drowssap", "Drowssap1", "nogard99"]],
    ["with letters disguised", ["p@ssw0rd", "P455w0rd!", "dr4g0n2026", "l3tm31n!!"]],
    ["said twice", ["passwordpassword", "dragondragon1", "Monkey Monkey Monkey", "abcabcabcabc"]],
    ["that run along the keyboard", ["qwertzuiop", "asdfghjkl", "zyxwvutsrqp", "poiuytrewq", "23456789012"]],
    ["of hardly any characters", ["aaaaaaaaaa", "abababab", "........", "1111 1111"]],
    ["of digits, as a date", ["27.11.2026", "2026-11-27", "a1234567"]],
  ])("is none %s", async (_, passwords) => {
    for (const password of passwords) expect(await problem(password), password).toBe("tooCommon");
  });

  it("is not the person's name, address or school", async () => {
    const own = [
      "Lindqvist123",
      "noorlindqvist",
      "Noor.Lindqvist@riverside.example",
      "Riverside2026",
      "riverside-high!",
      "N00r-lindqvist",
    ];
    for (const password of [...own, "lindqvist-dragon1"]) expect(await problem(password), password).toBe("ownWords");
    expect(await problem("riverside is foggy in june")).toBeNull();
    expect(
      await passwordProblem(
        "lindqvist2030x",
        passwordRules({ ...noor, familyName: "Doe", email: "d@x.example" }, school),
      ),
    ).toBeNull();
  });
});
