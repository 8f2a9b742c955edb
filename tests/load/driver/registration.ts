import { inParallel, timed, type LoadClient, type Phase } from "./client";
import type { SchoolData } from "../school/school-data";

/** Signs every student in; the phase is dominated by argon2id, on purpose. Answers tokens by e-mail. */
export async function signIn(
  client: LoadClient,
  school: SchoolData,
  password: string,
  width: number,
): Promise<{ tokens: Map<string, string>; phase: Phase }> {
  const tokens = new Map<string, string>();
  const phase = await timed((record) =>
    inParallel(school.students, width, async ({ email }) => {
      const answer = await client.send("POST", "/api/login", null, { email, password });
      if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${String(answer.body["code"])}`);
      tokens.set(email, String(answer.body["accessToken"]));
      record(answer.ms);
    }),
  );
  return { tokens, phase };
}

/** Section ids by sourcedId, read from the list as a client would. */
export async function sectionIds(client: LoadClient, tokens: Map<string, string>): Promise<Map<string, string>> {
  const [token] = tokens.values();
  const ids = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await client.send(
      "GET",
      `/api/sections/available?availability=all&limit=200${after}`,
      token ?? null,
    );
    if (answer.status !== 200) throw new Error(`the list of sections answered ${answer.status}`);
    const { items, nextCursor } = answer.body as {
      items: { id: string; sourcedId: string }[];
      nextCursor: string | null;
    };
    for (const item of items) ids.set(item.sourcedId, item.id);
    cursor = nextCursor;
  } while (cursor !== null);
  return ids;
}

/** An authenticated route that does nothing else: what the server can answer at all. */
export function measureNoOp(
  client: LoadClient,
  tokens: Map<string, string>,
  width: number,
  count: number,
): Promise<Phase> {
  const all = [...tokens.values()];
  return timed((record) =>
    inParallel([...Array(count).keys()], width, async (n) => {
      const answer = await client.send("GET", "/api/ping", all[n % all.length] ?? null);
      if (answer.status !== 204) throw new Error(`the no-op route answered ${answer.status}`);
      record(answer.ms);
    }),
  );
}

export type Outcome = {
  phase: Phase;
  accepted: number;
  refused: Map<string, number>;
  failed: number;
  unserved: number;
};

/**
 * Registration: students at once, each with one wish after the other, most wanted first; a wish takes the first section of
 * its course that is free. Counts answers by code; an answer that is neither a seat nor a refusal by rule is a failure.
 */
export async function register(
  client: LoadClient,
  school: SchoolData,
  ids: Map<string, string>,
  tokens: Map<string, string>,
  width: number,
): Promise<Outcome> {
  const refused = new Map<string, number>();
  let accepted = 0;
  let failed = 0;
  let unserved = 0;
  const phase = await timed((record) =>
    inParallel(school.students, width, async (student) => {
      const token = tokens.get(student.email) ?? null;
      for (const course of student.wishes) {
        let served = false;
        for (const sourcedId of school.sectionsOf.get(course) ?? []) {
          const answer = await client.send("POST", "/api/enroll", token, { sectionId: ids.get(sourcedId) });
          record(answer.ms);
          if (answer.status === 201) {
            accepted++;
            served = true;
            break;
          }
          const code = String(answer.body["code"]);
          refused.set(code, (refused.get(code) ?? 0) + 1);
          if (answer.status !== 409) failed++;
        }
        if (!served) unserved++;
      }
    }),
  );
  return { phase, accepted, refused, failed, unserved };
}
