// The people of the demo school by the programming interface.
import { z } from "zod";
import { localDateOf } from "@/lib/shared/time";
import { demoAccount } from "./demo-people";

export type DemoPerson = Awaited<ReturnType<typeof demoPerson>>;

const meSchema = z.object({ id: z.string(), school: z.object({ timeZone: z.string() }) });
const devicesSchema = z.object({ items: z.array(z.object({ id: z.string() })) });
const sessionsSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
const sheetSchema = z.object({
  roster: z.array(z.object({ student: z.object({ id: z.string() }), status: z.string().nullable() })),
});

/** The demo person of a role, signed in at `base`; an answer that is no success is an error. */
export async function demoPerson(base: string, role: string) {
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(base + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const json = { "content-type": "application/json" };
  const { email, password } = demoAccount(role);
  const tokens = await call("/api/login", { method: "POST", headers: json, body: JSON.stringify({ email, password }) });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(tokens);
  const headers = { ...json, authorization: `Bearer ${accessToken}` };
  return {
    id: async () => meSchema.parse(await call("/api/me", { headers })).id,
    get: (path: string) => call(path, { headers }),
    post: (path: string, body: unknown) => call(path, { method: "POST", headers, body: JSON.stringify(body) }),
    remove: (path: string) => call(path, { method: "DELETE", headers }),
  };
}

/** The browsers in which a person has turned pushes on. */
export async function deviceIds(person: DemoPerson): Promise<string[]> {
  return devicesSchema.parse(await person.get("/api/push-subscriptions")).items.map(({ id }) => id);
}

/**
 * A class of the teacher's that is on or over and has the student, of today or, as one that began before midnight, of
 * yesterday; the others in it count as present.
 */
export async function classWith(teacher: DemoPerson, studentId: string) {
  const { timeZone } = meSchema.parse(await teacher.get("/api/me")).school;
  const now = Date.now();
  for (const at of [now, now - 86_400_000]) {
    const date = localDateOf(new Date(at), timeZone);
    const { items } = sessionsSchema.parse(await teacher.get(`/api/class-sessions?date=${date}`));
    for (const { id, state } of items) {
      if (state !== "OPEN" && state !== "FINALIZED") continue;
      const { roster } = sheetSchema.parse(await teacher.get(`/api/attendance/${id}`));
      if (!roster.some((row) => row.student.id === studentId)) continue;
      const unmarked = roster.filter((row) => row.student.id !== studentId && row.status === null);
      const others = unmarked.map((row) => ({ studentId: row.student.id, status: "PRESENT" }));
      return { classSessionId: id, others };
    }
  }
  throw new Error("the demo teacher has no open class with the demo student");
}
