import { describe, expect, it } from "vitest";
import { notAllowed } from "./method-not-allowed";

describe("notAllowed", () => {
  it("refuses the other methods as a problem that names those there are", async () => {
    const { POST, OPTIONS } = notAllowed("GET", "DELETE");
    const response = POST(new Request("http://localhost/api/x", { method: "POST" }));
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, DELETE, OPTIONS");
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(await response.json()).toMatchObject({ code: "method_not_allowed", status: 405 });
    expect(OPTIONS(new Request("http://localhost/api/x")).headers.get("allow")).toBe("GET, HEAD, DELETE, OPTIONS");
  });
});
