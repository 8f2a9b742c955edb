// Everything that people do in the demo school, mixed, for as long as is wanted: signing in, pages, enrolling and
// dropping, marking, the seats that open pages ask for, and the pushes that follow from marks.
import type pg from "pg";
import { newId } from "@/lib/shared/ids";
import type { PushService } from "@/tests/support/push-service";
import { at } from "@/tests/support/school";
import type { Answer, LoadClient } from "./client";

type Role = "STUDENT" | "TEACHER" | "GUARDIAN" | "ADMIN";
type Person = { id: string; email: string; role: Role; token: string };
type Act = { name: string; weight: number; run: () => Promise<Answer> };

const PAGES: Record<Role, readonly string[]> = {
  STUDENT: ["/sections", "/sections?availability=all", "/timetable", "/attendance", "/inbox"],
  TEACHER: ["/today", "/inbox", "/preferences"],
  GUARDIAN: ["/family", "/inbox", "/preferences"],
  ADMIN: ["/admin", "/admin/calendar", "/admin/settings"],
};
const MARKS = ["PRESENT", "ABSENT", "LATE", "EXCUSED"];

/** A school whose people can be let loose on the product. */
export class MixedLoad {
  /** How often each act was answered by each status. */
  readonly answers = new Map<string, number>();
  readonly #people: Record<Role, Person[]> = { STUDENT: [], TEACHER: [], GUARDIAN: [], ADMIN: [] };
  #sections: string[] = [];
  #classes: { id: string; teacher: string; students: string[] }[] = [];

  constructor(
    private readonly client: LoadClient,
    private readonly database: pg.Client,
    private readonly password: string,
  ) {}

  /** Signs everybody in, gives each guardian a phone at `pushes`, and looks up what there is to enroll in and to mark. */
  async prepare(pushes: PushService): Promise<void> {
    const people = await this.database.query<Person>(
      `SELECT id, email, roles[1]::text AS role FROM app_user WHERE active AND password_hash IS NOT NULL ORDER BY id`,
    );
    for (const person of people.rows) {
      const { status, body } = await this.#signIn(person);
      if (status !== 200) throw new Error(`signing in answered ${status} ${JSON.stringify(body)}`);
      this.#people[person.role].push(person);
    }
    const sections = await this.database.query<{ id: string }>(`SELECT id FROM section WHERE state = 'ACTIVE'`);
    this.#sections = sections.rows.map(({ id }) => id);
    const classes = await this.database.query<{ id: string; teacher: string; students: string[] }>(
      `SELECT c.id, min(t.user_id) AS teacher, array_agg(DISTINCT e.student_id) AS students
         FROM class_session c JOIN section_teacher t ON t.section_id = c.section_id
         JOIN enrollment e ON e.section_id = c.section_id AND e.status = 'ENROLLED'
        WHERE c.state = 'SCHEDULED' AND c.starts_at BETWEEN now() - interval '5 days' AND now() GROUP BY c.id`,
    );
    this.#classes = classes.rows;
    await this.#subscribe(pushes);
  }

  /** `width` people at once do one thing after the other until `untilMs` (of `Date.now()`). */
  async run(width: number, untilMs: number): Promise<void> {
    const acts = this.#acts();
    const total = acts.reduce((sum, { weight }) => sum + weight, 0);
    const one = async () => {
      while (Date.now() < untilMs) {
        let left = Math.random() * total;
        const act = acts.find(({ weight }) => (left -= weight) < 0) ?? at(acts, 0);
        const outcome = await act.run().then(
          ({ status }) => String(status),
          (error: unknown) => `lost (${error instanceof Error ? error.message : String(error)})`,
        );
        const name = `${act.name} ${outcome}`;
        this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: width }, one));
  }

  #acts(): Act[] {
    const { client } = this;
    const student = () => oneOf(this.#people.STUDENT);
    return [
      {
        name: "sign-in",
        weight: 4,
        run: () => this.#signIn(oneOf(Object.values(this.#people).flat())),
      },
      {
        name: "page",
        weight: 30,
        run: () => {
          const { role, token } = oneOf(Object.values(this.#people).flat());
          return client.page(oneOf(PAGES[role]), token);
        },
      },
      {
        name: "enroll",
        weight: 15,
        run: () => client.send("POST", "/api/enroll", student().token, { sectionId: oneOf(this.#sections) }),
      },
      { name: "drop", weight: 10, run: () => this.#drop(student()) },
      { name: "mark", weight: 10, run: () => this.#mark() },
      {
        name: "seats",
        weight: 30,
        run: () => {
          const ids = Array.from({ length: 20 }, () => oneOf(this.#sections)).join(",");
          return client.send("GET", `/api/sections/seats?ids=${ids}`, student().token);
        },
      },
    ];
  }

  async #drop({ token }: Person): Promise<Answer> {
    const answer = await this.client.send("GET", "/api/enrollments", token);
    const { items = [] } = answer.body as { items?: { id: string }[] };
    if (items.length === 0) return answer;
    return this.client.send("DELETE", `/api/enrollments/${oneOf(items).id}`, token);
  }

  #mark(): Promise<Answer> {
    const { id: classSessionId, teacher, students } = oneOf(this.#classes);
    const token = this.#people.TEACHER.find(({ id }) => id === teacher)?.token ?? null;
    const records = students.map((studentId) => ({ studentId, status: oneOf(MARKS) }));
    return this.client.send("POST", "/api/attendance/mark-bulk", token, { classSessionId, records, finalize: true });
  }

  async #subscribe(pushes: PushService): Promise<void> {
    const key = await this.client.send("GET", "/api/push/public-key", at(this.#people.GUARDIAN, 0).token);
    const vapid = String(key.body["publicKey"]);
    for (const { id } of this.#people.GUARDIAN) {
      const { endpoint, keys } = pushes.subscribe(vapid).json;
      await this.database.query(
        `INSERT INTO push_subscription (id, school_id, user_id, endpoint, p256dh, auth, vapid_public_key)
         SELECT $1, school_id, id, $3, $4, $5, $6 FROM app_user WHERE id = $2`,
        [newId(), id, endpoint, keys.p256dh, keys.auth, vapid],
      );
    }
  }

  /** A token lasts some minutes: whoever signs in goes on with the new one. */
  async #signIn(person: Person): Promise<Answer> {
    const { email } = person;
    const answer = await this.client.send("POST", "/api/login", null, { email, password: this.password });
    if (answer.status === 200) person.token = String(answer.body["accessToken"]);
    return answer;
  }
}

function oneOf<T>(list: readonly T[]): T {
  return at(list, Math.floor(Math.random() * list.length));
}
