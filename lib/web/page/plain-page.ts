import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { languageAttributes } from "@/messages/direction";
import { LANGUAGES } from "@/messages/languages";
import { localeFrom, messagesOf } from "@/messages/locale";
import { answerHeaders } from "../server/answer-headers";

/** A whole page as one text, and the headers it is sent with. */
export type PlainPage = { html: string; headers: Headers };

/**
 * What a person reads when the database is away. Made by hand, for the same reason: the frame of a page needs the
 * database, and what Next.js sends when a frame fails has words only after its scripts have run. Who asks is not known
 * without it either: callers hand in the language that the browser accepts.
 */
export function outagePage(requestId: string, retryAfterSeconds: number, locale: string): PlainPage {
  const { errors, plainPages: words } = messagesOf(locale);
  const headers = plainHeaders(requestId, "default-src 'none'");
  headers.set("retry-after", String(retryAfterSeconds));
  const reference = `<small>${errors.reference.replace("{id}", requestId)}</small>`;
  return { html: plainHtml(locale, errors.outageTitle, [words.outageBody], reference), headers };
}

/**
 * What the service worker keeps and shows when there is no network: one file that loads nothing, holds nothing of
 * anybody, and goes on to the page that was wanted when the connection is back. Meanwhile it shows the classes that the
 * device keeps for a teacher (public/offline-day.js). Another text, in any of the languages, has another version: the
 * worker does not know which one it keeps.
 */
export function offlinePage(requestId: string, locale: string): PlainPage {
  const code = offlineCode(locale);
  const headers = plainHeaders(requestId, `default-src 'none'; script-src ${sourceOf(code)}; connect-src 'self'`);
  const texts = Object.keys(LANGUAGES).map(offlineHtml).join("");
  headers.set("x-page-version", `offline-${createHash("sha256").update(texts).digest("hex").slice(0, 12)}`);
  return { html: offlineHtml(locale), headers };
}

function offlineHtml(locale: string): string {
  const { errors, plainPages: words } = messagesOf(locale);
  const script = `<section hidden></section><script>${offlineCode(locale)}</script>`;
  return plainHtml(locale, errors.offlineTitle, [words.offlineBody, words.offlineMarks], script);
}

function offlineCode(locale: string): string {
  const { errors, plainPages: words } = messagesOf(locale);
  return `${offlineScript(errors.offlineTitle, words.unreachableTitle)}${dayScript(locale)}`;
}

/** The classes kept on the device: a file of its own, so that it is read and checked as code. */
function dayScript(locale: string): string {
  const { attendance, plainPages: words } = messagesOf(locale);
  const { status, letters, onDevice } = attendance.grid;
  const inPage = { ...words.offlineDay, waiting: onDevice, status, letters };
  const code = fs.readFileSync(path.join(process.cwd(), "public", "offline-day.js"), "utf8");
  return `const dayWords = ${JSON.stringify(inPage)};\n${code}`;
}

/**
 * What a browser shows on its way to another site, to which it goes on by itself: a page and no redirect, because browsers hold where a form
 * leads against `form-action`, through every redirect of a chain that we do not know.
 */
export function goingOnPage(requestId: string, to: { address: string; name: string }, locale: string): PlainPage {
  const { plainPages: words } = messagesOf(locale);
  const [address, name] = [escaped(to.address), escaped(to.name)];
  const title = words.goingOn.replace("{name}", name);
  const html = plainDocument(
    locale,
    { title, head: `<meta http-equiv="refresh" content="0;url=${address}">` },
    `<h1>${title}</h1>\n<a href="${address}">${words.goOn}</a>`,
  );
  return { html, headers: plainHeaders(requestId, "default-src 'none'") };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function plainHeaders(requestId: string, policy: string): Headers {
  const headers = answerHeaders(requestId);
  headers.set("content-type", "text/html; charset=utf-8");
  const more = `style-src ${sourceOf(STYLE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  headers.set("content-security-policy", `${policy}; ${more}`);
  return headers;
}

function sourceOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** As components/patterns/error-state.tsx draws it. "Try again" is the same address once more. */
function plainHtml(locale: string, title: string, paragraphs: readonly string[], foot: string): string {
  const [first, ...more] = paragraphs.map((text) => `<p>${text}</p>`);
  return plainDocument(
    locale,
    { title },
    `<div role="alert">
<span><svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 3.5 21.5 20h-19ZM12 10v4.5M12 17.2v.1"/></svg></span>
<h1>${title}</h1>
${[first, ...more].join("\n")}
</div>
<a href="">${messagesOf(locale).errors.retry}</a>
${foot}`,
  );
}

function plainDocument(locale: string, { title, head = "" }: { title: string; head?: string }, main: string): string {
  return `<!doctype html>
<html ${languageAttributes(localeFrom(locale))}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">${head}
<title>${title} – CampusOS</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

/** The tokens are those of app/globals.css (a test compares them), in the theme of the device. */
const STYLE = `
:root {
  color-scheme: light dark;
  --bg: light-dark(oklch(0.985 0.002 265), oklch(0.17 0.012 265));
  --surface: light-dark(oklch(1 0 0), oklch(0.215 0.014 265));
  --text: light-dark(oklch(0.23 0.02 265), oklch(0.94 0.006 265));
  --muted: light-dark(oklch(0.47 0.02 265), oklch(0.74 0.014 265));
  --faint: light-dark(oklch(0.52 0.015 265), oklch(0.66 0.014 265));
  --border: light-dark(oklch(0.905 0.006 265), oklch(0.32 0.014 265));
  --primary: light-dark(oklch(0.27 0.035 268), oklch(0.93 0.01 265));
  --primary-hover: light-dark(oklch(0.35 0.04 268), oklch(0.85 0.012 265));
  --on-primary: light-dark(oklch(0.99 0 0), oklch(0.2 0.02 265));
  --accent: light-dark(oklch(0.48 0.19 272), oklch(0.76 0.12 275));
  --late-fg: light-dark(#73480d, #f5cb70);
  --late-tint: light-dark(#ffefc8, #3b2b0d);
  --control: light-dark(oklch(0.62 0.015 265), oklch(0.56 0.016 265));
  background-color: var(--bg);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
  text-size-adjust: 100%;
}
* { box-sizing: border-box; margin: 0; }
body { display: grid; min-block-size: 100dvh; place-content: center; padding: 1rem; }
main {
  max-inline-size: 35rem;
  padding: 1.5rem;
  border: 1px solid var(--border);
  border-radius: 10px;
  background-color: var(--surface);
}
[role="alert"] > span {
  display: grid;
  place-content: center;
  inline-size: 2.75rem;
  block-size: 2.75rem;
  margin-block-end: 0.75rem;
  border-radius: 50%;
  background-color: var(--late-tint);
  color: var(--late-fg);
}
h1 { font-size: 1.5rem; font-weight: 650; line-height: 2rem; text-wrap: balance; }
p { margin-block-start: 0.5rem; color: var(--muted); text-wrap: pretty; }
main > a {
  display: inline-flex;
  align-items: center;
  min-block-size: 2.75rem;
  margin-block-start: 1.25rem;
  padding-inline: 1rem;
  border-radius: 6px;
  background-color: var(--primary);
  color: var(--on-primary);
  font-weight: 500;
  text-decoration: none;
}
main > a:hover { background-color: var(--primary-hover); }
section { margin-block-start: 1.5rem; padding-block-start: 1rem; border-block-start: 1px solid var(--border); }
h2 { font-size: 1.125rem; font-weight: 650; text-wrap: balance; }
ul { list-style: none; padding: 0; margin-block-start: 0.75rem; }
li { border-block-start: 1px solid var(--border); }
section a { display: flex; flex-direction: column; justify-content: center; min-block-size: 3.5rem; padding-block: 0.5rem; color: var(--text); }
section > a { min-block-size: 2.75rem; color: var(--accent); }
section a:hover { color: var(--accent); }
b { font-weight: 500; overflow-wrap: anywhere; }
i { display: block; font-style: normal; font-size: 0.875rem; color: var(--muted); }
.student { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.25rem 0.5rem; padding-block: 0.375rem; }
.student > span { flex: 1 1 7rem; }
.student div { display: flex; gap: 0.25rem; }
button {
  inline-size: 2.75rem;
  block-size: 2.75rem;
  border: 1px solid var(--control);
  border-radius: 6px;
  background-color: var(--surface);
  color: var(--text);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
  touch-action: manipulation;
}
button[aria-pressed="true"] { border-color: var(--primary); background-color: var(--primary); color: var(--on-primary); }
button:focus-visible,
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
small {
  display: block;
  margin-block-start: 1rem;
  color: var(--faint);
  font: 0.75rem/1rem ui-monospace, Menlo, Consolas, monospace;
  overflow-wrap: anywhere;
}
@media print { a { display: none; } }
`;

/**
 * Goes on when we answer again: asked at once when the device says that it is online, and every few seconds while somebody
 * looks. The device's word alone is not enough: it only knows its own network, and a page that loads itself again for
 * nothing takes a press on one of its links away.
 */
const offlineScript = (offline: string, unreachable: string) => `
const title = document.querySelector("h1");
const words = [${JSON.stringify(offline)}, ${JSON.stringify(unreachable)}];
const say = () => {
  title.textContent = words[Number(navigator.onLine)];
  document.title = title.textContent + " – CampusOS";
};
const goOn = async () => {
  const answer = await fetch("/api/health/live", { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (answer?.ok) location.reload();
};
say();
addEventListener("offline", say);
addEventListener("online", () => {
  say();
  void goOn();
});
setInterval(() => {
  if (navigator.onLine && !document.hidden) void goOn();
}, 5000);
`;
