// docs/access.md as the code says it: `node scripts/run.mjs tests/access/document.ts` writes it, a test holds the two together.
import fs from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { allOperations } from "@/app/api/openapi.json/operations";
import type { Role } from "@/lib/shared/context";

const root = path.join(import.meta.dirname, "../..");
export const ACCESS_DOCUMENT = path.join(root, "docs/access.md");
const ROLES: readonly Role[] = ["STUDENT", "TEACHER", "GUARDIAN", "ADMIN"];

type Access = "public" | "signedIn" | readonly Role[];

/** Whether a line is for somebody with this role alone, or with none. */
export function mayCall(access: Access, role: Role | null): boolean {
  return access === "public" || (role !== null && (access === "signedIn" || access.includes(role)));
}

/** Every page with the access that its own code asks for; a page that asks for none is for everybody. */
export function pages(): { page: string; access: Access }[] {
  return fs
    .globSync("app/**/page.tsx", { cwd: root })
    .filter((file) => !file.startsWith("app/kit/"))
    .map((file) => ({ page: addressOf(file), access: accessOf(file) }))
    .sort((a, b) => a.page.localeCompare(b.page));
}

function addressOf(file: string): string {
  const parts = file.split("/").slice(1, -1);
  return `/${parts.filter((part) => !part.startsWith("(")).join("/")}`;
}

/** What `pageContext` of the page, or of the frame that it stands in, is called with. */
function accessOf(file: string): Access {
  const frames = fs.globSync(`${path.dirname(file).replaceAll(/[[\]()]/g, "[$&]")}/{,../}_components/*-frame.tsx`, {
    cwd: root,
  });
  const text = [file, ...frames].map((name) => fs.readFileSync(path.join(root, name), "utf8")).join("\n");
  const roles = [...text.matchAll(/pageContext\((?:[^()]|\([^()]*\))*?, \[([^\]]*)\]\)/g)].map(
    ([, list]) => list ?? "",
  );
  if (roles.length > 0) return ROLES.filter((role) => roles.some((list) => list.includes(`"${role}"`)));
  return /pageContext\(/.test(text) ? "signedIn" : "public";
}

/** The whole document. */
export async function accessDocument(): Promise<string> {
  const row = (name: string, access: Access) =>
    `| ${[name, ...[null, ...ROLES].map((role) => (mayCall(access, role) ? "yes" : "–"))].join(" | ")} |`;
  const head = (first: string) => [
    `| ${first} | nobody | student | teacher | guardian | office |`,
    "| --- | --- | --- | --- | --- | --- |",
  ];
  const operations = allOperations()
    .map(({ method, path: address, access }) => ({ name: `\`${method} ${address}\``, access }))
    .sort((a, b) => a.name.split(" ")[1]?.localeCompare(b.name.split(" ")[1] ?? "") || a.name.localeCompare(b.name));
  const text = `# Who may do what

Made from the operations of the HTTP interface and the guards of the pages (\`tests/access/document.ts\`); \`npm test\` fails when it is not as the code
says. **yes** says that the role is let in. What a person finds there is decided thing by thing: a student sees their own marks, a teacher the
classes that they teach, a guardian their own children, the office its own school; what is another's is answered as what does not exist (404).

Each of it is tried: \`tests/e2e/access-matrix.spec.ts\` sends every operation as nobody, with a forged token, with one of an account that was
ended, in every role, and in every role of another school, and \`tests/access\` calls every use-case and query as its owner, as
somebody of the same school with the same role, with every other role, and as somebody of another school, and looks into every
row of the database for what has changed. \`tests/e2e/landmarks.spec.ts\` opens the pages of each role as every other.

## The HTTP interface

${[...head("operation"), ...operations.map(({ name, access }) => row(name, access))].join("\n")}

Nobody signed in is answered 401 \`unauthenticated\`, a role that is not let in 403 \`forbidden\`.

## Pages

${[...head("page"), ...pages().map(({ page, access }) => row(`\`${page}\``, access))].join("\n")}

Nobody signed in is led to the sign-in page and back; for a role that is not let in the page does not exist (404), and says whom it is for. Pages
with a one-time link (\`[token]\`) open for whoever holds the link. Server actions ask for the same roles as their page
(\`action({ roles })\` in the \`actions.ts\` beside it), and the use-case behind each asks again.
`;
  return format(text, { parser: "markdown", printWidth: 120, proseWrap: "preserve" });
}

if (process.argv[1] === import.meta.filename) fs.writeFileSync(ACCESS_DOCUMENT, await accessDocument());
