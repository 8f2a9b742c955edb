// The class grid as the specs see it: where its parts are, and what a colleague and the server have.
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { attendanceScene, type Scene } from "./attendance-scene";
import { signInTo } from "./sign-in";

export const SAVE = "**/api/attendance/mark-bulk";
/** "Adam Bartoš" as the list has it, which is sorted by family name. */
export const inList = (name: string) => name.replace(/^(\S+) (.+)$/, "$2, $1");
export const grid = (page: Page) => page.getByRole("grid");
export const row = (page: Page, name: string) =>
  grid(page)
    .getByRole("row")
    .filter({ has: page.getByText(inList(name), { exact: true }) });
export const cell = (page: Page, name: string) => row(page, name).getByRole("rowheader");
/** A school for the specs of a file, and a way to open a new class of it as its teacher. */
export function gridScene() {
  let made: Scene | undefined;
  test.beforeAll(async () => {
    made = await attendanceScene();
  });
  test.afterAll(() => made?.close());
  const scene = (): Scene => {
    if (!made) throw new Error("the school is made before the first test");
    return made;
  };
  return {
    scene,
    /** Answers the class's id. */
    async open(page: Page, options: Parameters<Scene["newClass"]>[0] = {}): Promise<string> {
      const { id } = await scene().newClass(options);
      await signInTo(page, scene().teacher, `/classes/${id}`);
      await expect(grid(page).getByRole("row")).toHaveCount(30);
      return id;
    },
  };
}
/** How many marks this browser keeps because no server has them. */
export const keptMarks = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open("campus-sheets");
        opening.onsuccess = () => {
          const db = opening.result;
          if (!db.objectStoreNames.contains("sheets")) return resolve(0);
          const reading = db.transaction("sheets").objectStore("sheets").getAll();
          reading.onsuccess = () => {
            db.close();
            resolve(reading.result.reduce((sum, { draft }) => sum + Object.keys(draft).length, 0));
          };
        };
      }),
  );
/** The region that is read out; the frame of the page has one more, for toasts. */
export const said = (page: Page) => page.locator("#main").getByRole("status");
/** What the server has, asked for by the colleague. */
export const statusAtServer = async (
  scene: Scene,
  request: APIRequestContext,
  classSessionId: string,
  name: string,
) => {
  const headers = await colleagueHeaders(scene, request);
  const answer = await request.get(`/api/attendance/${classSessionId}`, { headers });
  const { roster } = (await answer.json()) as { roster: { student: { id: string }; status: string | null }[] };
  return roster.find(({ student }) => student.id === scene.studentNamed(name).id)?.status;
};
/** A colleague at another machine, by the programming interface. */
export const elsewhere = async (
  scene: Scene,
  request: APIRequestContext,
  classSessionId: string,
  name: string,
  status: string,
) => {
  const answer = await request.post("/api/attendance/mark-bulk", {
    headers: await colleagueHeaders(scene, request),
    data: { classSessionId, finalize: false, records: [{ studentId: scene.studentNamed(name).id, status }] },
  });
  expect(answer.status()).toBe(200);
};

async function colleagueHeaders(scene: Scene, request: APIRequestContext) {
  const login = await request.post("/api/login", { data: scene.colleague });
  const { accessToken } = (await login.json()) as { accessToken: string };
  return { authorization: `Bearer ${accessToken}` };
}
