// Nothing in the core relies on a page or a route having looked: who may not is refused by the use-case or query itself.
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Context, type Role, ROLES } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { exportedForActors, functionsForActors } from "./exported";
import { accessScene, allRows, type Scene } from "./scene";
import { type Line, lines, type Whose } from "./table";

const scene = accessScene();
const NOT_THERE = /^(?:[a-z_]+_)?not_found$/;
const REFUSED = new RegExp(`^forbidden$|${NOT_THERE.source}`);

type Right = { role: Role; whose: Whose };
type Call = (ctx: Context) => Promise<unknown>;

describe("the table of who may what", () => {
  it("has every exported use-case and query that is called for an actor, and nothing else", async () => {
    const inTable = new Map(lines.map(({ use }) => [use.name, use]));
    const found = exportedForActors();
    expect(found.map(({ name }) => name).sort()).toEqual([...inTable.keys()].sort());
    for (const { file, name } of found) {
      const loaded: unknown = await import(path.join(import.meta.dirname, "../..", file));
      expect(Reflect.get(Object(loaded), name), `${name} of ${file}`).toBe(inTable.get(name));
    }
  });

  it("is asked for whatever way a function is exported", () => {
    const isFound = (text: string) => functionsForActors(text).length > 0;
    expect(isFound("export async function a(ctx: Context) {}")).toBe(true);
    expect(isFound("export function a(\n  ctx: Context,\n  id: string,\n): Promise<void> { return b(); }")).toBe(true);
    expect(isFound('export function a(who: Pick<Context, "actor">) { return b(who); }')).toBe(true);
    expect(isFound("export const a = async (ctx: Context) => 1;")).toBe(true);
    expect(isFound("export const a = cache(async (ctx: Context) => 1);")).toBe(true);
    expect(isFound("async function a(ctx: Context) {}\nexport { a as b };")).toBe(true);
    expect(isFound("export default async function (ctx: Context) {}")).toBe(true);
    expect(isFound("async function a(ctx: Context) {}")).toBe(false);
    expect(isFound('export async function a(ctx: Omit<Context, "actor">) {}')).toBe(false);
    expect(isFound("export function a(ctx: Context): string { return ctx.requestId; }")).toBe(false);
  });
});

describe.each(lines.map((each) => ({ name: each.use.name, each })))("$name", ({ each }) => {
  it("refuses who has another role, shows and does nothing to others, and serves who may", async () => {
    const call = await each.prepare(scene());
    for (const ctx of withoutTheRole(scene(), each)) expect(await untouched(() => call(ctx))).toBe("forbidden");
    for (const right of rightsOf(each)) {
      await expectOfNeighbour(scene(), call, right);
      await expectOfForeigner(scene(), call, right, each.elsewhere);
    }
    for (const ctx of ownersOf(scene(), each)) expect(await outcomeOf(call(ctx))).not.toMatch(REFUSED);
  });
});

/** Who has the thing, but not the role: in each other role alone, and in none. */
function withoutTheRole(from: Scene, line: Line): Context[] {
  if ("everybody" in line.may) return [];
  const having = rightsOf(line).map(({ role }) => role);
  const others = ROLES.filter((role) => !having.includes(role)).map((role): Role[] => [role]);
  return having.flatMap((role) => {
    const ctx = from.owner(role);
    return [[], ...others].map((roles) => ({ ...ctx, actor: { ...ctx.actor, roles } }));
  });
}

function rightsOf({ may }: Line): Right[] {
  return ROLES.flatMap((role) => {
    const whose = "everybody" in may ? may.whose : may[role];
    return whose === undefined ? [] : [{ role, whose }];
  });
}

/** Whose things the scene has: a student's, where everybody has some. */
function ownersOf(from: Scene, line: Line): Context[] {
  const roles = "everybody" in line.may ? (["STUDENT"] as const) : rightsOf(line).map(({ role }) => role);
  return roles.map((role) => from.owner(role));
}

/** Another person of the school with the same role. */
async function expectOfNeighbour(from: Scene, call: Call, { role, whose }: Right) {
  const work = () => call(from.stranger(role));
  if (whose === "person") expect(await untouched(work)).toMatch(NOT_THERE);
  if (whose === "self") expect(await seen(work, [...from.secrets, ...from.own], from.secrets)).toEqual([]);
  if (whose === "all") expect(idsIn(await answerOf(work()), from.secrets)).toEqual([]);
}

/** Somebody with the same role in another school. */
async function expectOfForeigner(from: Scene, call: Call, { role, whose }: Right, elsewhere: unknown) {
  const work = () => call(from.foreigner(role));
  if (whose === "person" || whose === "school") return expect(await untouched(work)).toMatch(NOT_THERE);
  const ours = [...from.ofSchool, ...from.secrets];
  expect(await seen(work, [...ours, ...from.own], ours)).toEqual([]);
  if (elsewhere !== undefined) expect(await work()).toEqual(elsewhere);
}

/** The code with which a call is refused that must write nothing at all, or "done". */
async function untouched(work: () => Promise<unknown>): Promise<string> {
  const before = await allRows();
  const outcome = await outcomeOf(work());
  expect(changesOf(before, await allRows())).toEqual([]);
  return outcome;
}

/** Which of the ids `hidden` an answer has. No row that speaks of one of `kept` may become another by the call. */
async function seen(work: () => Promise<unknown>, hidden: readonly string[], kept: readonly string[]) {
  const rows = async () => (await allRows()).filter((row) => idsIn(row, kept).length > 0);
  const before = await rows();
  const answer = await answerOf(work());
  expect(changesOf(before, await rows())).toEqual([]);
  return idsIn(answer, hidden);
}

/** Rows that went or came. */
function changesOf(before: readonly string[], after: readonly string[]): string[] {
  return [...new Set(before).symmetricDifference(new Set(after))];
}

function idsIn(answer: unknown, ids: readonly string[]): string[] {
  const text = typeof answer === "string" ? answer : (JSON.stringify(answer) ?? "");
  return ids.filter((id) => text.includes(id));
}

function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => "done", codeOf);
}

/** What is answered, or the code of a refusal. */
function answerOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch(codeOf);
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  throw error;
}
