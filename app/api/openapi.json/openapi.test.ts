import fs from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accessTokenFromCookies } from "@/lib/identity/sessions/session-cookies";
import { openApiDocument } from "@/lib/web/route/openapi";
import { forgetSingletons } from "@/tests/support/singletons";
import * as swap from "../enrollments/swap/route";
import { allOperations } from "./operations";

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"];
/** Auth.js' own endpoints, the answer to every path that is none, and one that is not there yet. */
const NOT_OPERATIONS = ["/api/auth/{nextauth}", "/api/{path}", "/api/enrollments/swap"];

const files = fs
  .readdirSync("app/api", { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "route.ts")
  .map((file) => path.join("app/api", file))
  .map((file) => ({ file, path: pathOf(file) }))
  .filter((each) => !NOT_OPERATIONS.includes(each.path));

afterEach(forgetSingletons);

describe("the OpenAPI document", () => {
  const operations = allOperations();
  const document = openApiDocument(() => operations);

  it("is 3.1 with one operation an id, and every reference leads somewhere", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) expect(at(document, reference), reference).toBeDefined();
    expect(text).not.toContain('"nullable"'); // a word of 3.0
  });

  it("names each parameter of each path, and problems as problems", () => {
    for (const [route, methods] of Object.entries(document.paths ?? {})) {
      const wanted = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      for (const operation of Object.values(methods as Record<string, DocumentOperation>)) {
        const named = (operation.parameters ?? []).filter((each) => each.in === "path").map((each) => each.name);
        expect(named.sort(), route).toEqual(wanted);
        expect(operation.responses["500"]?.content).toHaveProperty(["application/problem+json"]);
      }
    }
  });

  it("names limits as numbers, and no answer that nobody gets", () => {
    const paths = document.paths as Record<string, Record<string, DocumentOperation>>;
    const limit = paths["/api/enrollments"]?.["get"]?.parameters?.find((each) => each.name === "limit");
    expect(limit).toEqual({
      in: "query",
      name: "limit",
      schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
    });
    expect(Object.keys(paths["/api/enroll"]?.["post"]?.responses ?? {})).not.toContain("202");
  });

  it.each(["http://localhost:3000", "https://campus.example"])("names the cookie that %s has", (site) => {
    vi.stubEnv("PUBLIC_URL", site);
    forgetSingletons();
    const { session } = openApiDocument(allOperations).components?.securitySchemes ?? {};
    const name = session && "name" in session ? String(session.name) : "";
    expect(session).toMatchObject({ type: "apiKey", in: "cookie" });
    expect(name.startsWith("__Host-")).toBe(site.startsWith("https:"));
    expect(accessTokenFromCookies(`other=1; ${name}=token`)).toBe("token");
  });

  it("answers 404 for what is not there yet, by every method", async () => {
    const handlers: Record<string, (request: Request) => Response> = { ...swap };
    for (const method of METHODS) {
      const response = handlers[method]?.(new Request("http://localhost/api/enrollments/swap", { method }));
      expect(response?.status, method).toBe(404);
      expect(await response?.json()).toMatchObject({ code: "not_found" });
    }
  });

  it("describes every route and nothing else", () => {
    const described = [...new Set(operations.map((each) => each.path))].sort();
    expect(described).toEqual(files.map((each) => each.path).sort());
  });
});

describe.each(files)("$path", ({ file, path: route }) => {
  it("offers the methods of its operations and refuses all others with 405 and Allow", async () => {
    const handlers = (await import(path.resolve(file))) as Record<string, (request: Request) => Promise<Response>>;
    const offered = allOperations().filter((each) => each.path === route);
    for (const method of METHODS) {
      expect(handlers[method], `${method} ${route}`).toBeTypeOf("function");
      if (offered.some((each) => each.method === method)) continue;
      const response = await handlers[method]?.(new Request(`http://localhost${route}`, { method }));
      expect(response?.status, `${method} ${route}`).toBe(405);
      for (const each of offered) expect(response?.headers.get("allow")).toContain(each.method);
    }
  });
});

type DocumentOperation = {
  parameters?: { in: string; name: string; required?: boolean; schema?: unknown }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
};

function pathOf(file: string): string {
  const folder = path.dirname(file).replaceAll(path.sep, "/").replace(/^app/, "");
  return folder.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}");
}

function at(root: unknown, pointer: string): unknown {
  return pointer.split("/").reduce((value: unknown, key) => {
    return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }, root);
}
