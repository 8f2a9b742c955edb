import type { Category } from "../../schema";
import { languageAttributes } from "@/messages/direction";
import { localeFrom } from "@/messages/locale";
import { phrases } from "../../kinds/phrases";

/** One piece of news in a mail. */
export type MailItem = { title: string; body: string; path: string };
export type MailContent = {
  subject: string;
  text: string;
  html: string;
};

/**
 * A mail with one or several pieces of news, as text and as HTML. The subject names neither person nor class: it is shown
 * on locked screens and in lists. `publicUrl` null: the address of this site is not known, and there are no links.
 */
export function mailMessage(mail: {
  /** The recipient's language. */
  locale: string;
  schoolName: string;
  about: Category | "all";
  items: readonly MailItem[];
  publicUrl: string | null;
  unsubscribePath: string;
}): MailContent {
  const { schoolName: school, about, items, publicUrl } = mail;
  const t = phrases(mail.locale);
  const link = (path: string) => (publicUrl === null ? null : new URL(path, publicUrl).href);
  const subject = t(`mail.subject.${about}`, { school, count: items.length });
  const footer = [t("mail.why"), t("mail.noReply")];
  const links = [
    { words: t("mail.change"), href: link("/preferences") },
    { words: about === "all" ? t("mail.stopAll") : t(`mail.stop.${about}`), href: link(mail.unsubscribePath) },
  ].flatMap(({ words, href }) => (href === null ? [] : [{ words, href }]));

  return letter(mail.locale, {
    subject,
    items: items.map((item) => ({ ...item, href: link(item.path), open: t("mail.open") })),
    foot: [school, ...footer],
    links,
  });
}

type Letter = {
  subject: string;
  items: readonly { title: string; body: string; href: string | null; open: string }[];
  foot: readonly string[];
  links: readonly { words: string; href: string }[];
};

/**
 * A mail about somebody's own account, which nobody asks for and nobody can turn off: so it has no way to stop it. It names
 * no one. `href` null: there is no link in it.
 */
export function accountMessage(
  locale: string,
  mail: { schoolName: string; subject: string; title: string; body: string; href: string | null; open: string },
): MailContent {
  const { schoolName, subject, ...item } = mail;
  return letter(locale, { subject, items: [item], foot: [schoolName, phrases(locale)("mail.noReply")], links: [] });
}

function letter(locale: string, { subject, items, foot, links }: Letter): MailContent {
  const text = [
    ...items.map(({ title, body, href }) => [title, body, href].filter(Boolean).join("\n")),
    [`-- `, ...foot, ...links.map(({ words, href }) => `${words}: ${href}`)].join("\n"),
  ].join("\n\n");
  const html = `<!doctype html>
<html ${languageAttributes(localeFrom(locale))}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:34rem;margin:0 auto">
${items.map(itemHtml).join("\n")}
<hr style="border:0;border-top:1px solid #8888;margin:24px 0 16px">
<p style="margin:0;font-size:14px">${foot.map(escaped).join("<br>")}</p>${
    links.length === 0
      ? ""
      : `
<p style="margin:8px 0 0;font-size:14px">${links
          .map(({ words, href }) => `<a href="${escaped(href)}">${escaped(words)}</a>`)
          .join(" · ")}</p>`
  }
</div>
</body>
</html>
`;
  return { subject, text, html };
}

function itemHtml({ title, body, href, open: words }: Letter["items"][number]): string {
  const open =
    href === null ? "" : `\n<p style="margin:12px 0 24px"><a href="${escaped(href)}">${escaped(words)}</a></p>`;
  return `<h1 style="font-size:18px;line-height:1.4;margin:0 0 4px">${escaped(title)}</h1>
<p style="margin:0">${escaped(body)}</p>${open}`;
}

/** Text as it stands in HTML, also in an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
