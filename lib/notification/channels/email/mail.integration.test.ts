// Mail as a channel, against a mail server that speaks SMTP, and kept in a folder.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { MAIL_FROM, mailScene } from "@/tests/support/mail-scene";
import { absenceData, drain, eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { at, contextOf } from "@/tests/support/school";
import { forgetEnvironment } from "@/tests/support/singletons";
import { mailAddress } from "../../preferences/mail-address";
import { alertReach } from "../../preferences/alert-reach";
import { savePreferences } from "../../preferences/save-preferences";
import { getPreferences } from "../../queries";
import { createMailDispatcher } from "./dispatcher";
import { keptMail } from "./kept-mail";
import { folderTransport, outboxFolder, smtpTransport } from "./transport";
import { unsubscribe, unsubscribeOf } from "./unsubscribe/unsubscribe";

const { server, sendMails } = mailScene();
const { student, guardian, school, tell, absent } = pushScene({ students: 2, guardiansOf: [0, 0] });
const SITE = "https://campus.example";
const email = (person: { id: string }) =>
  db()
    .user.findUniqueOrThrow({ where: { id: person.id } })
    .then((u) => u.email);
const wants = (person = guardian(), enabled = true) =>
  savePreferences(contextOf(person), { categories: { absence: { email: enabled } } });
const mails = async (person = guardian()) => server.to(await email(person));
const deliveries = (person = guardian()) =>
  db().notificationDelivery.findMany({
    where: { channel: "email", notification: { userId: person.id } },
    select: { state: true, reason: true, attempts: true },
    orderBy: { id: "asc" },
  });

/** All that is due at a time is mailed. */
const send = (clock: () => Date = () => new Date()) => sendMails({ publicUrl: SITE, clock, random: () => 0 });
const in_ = (ms: number) => () => new Date(Date.now() + ms);

describe("mail", () => {
  it("goes to who asked for it, once, as text and HTML, with the name inside and none in the subject", async () => {
    await wants();
    const event = eventOf("attendance_marked_absent", absenceData(student(), { sectionTitle: "Art & <Craft>" }));
    await tell(event);
    await tell(event);
    await send();
    await send();
    expect(await mails(guardian(1))).toEqual([]);
    expect(await mails(student())).toEqual([]);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail).toBeDefined();
    const { headers, text, html } = mail ?? { headers: {} as Record<string, string>, text: "", html: "" };
    expect(headers).toMatchObject({
      from: MAIL_FROM,
      subject: `Attendance update – ${school().school.name}`,
      "auto-submitted": "auto-generated",
      "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    });
    expect(headers["message-id"]).toMatch(/^<[0-9a-f-]{36}@campus\.example>$/);
    const { id } = await db().notification.findFirstOrThrow({ where: { userId: guardian().id } });
    const name = student().givenName;
    expect(text).toContain(`${name} was absent from Art & <Craft>\nPH101.1, Wed 18 Nov, 11:00\n${SITE}/n/${id}`);
    expect(html).toContain(`${name} was absent from Art &#38; &#60;Craft&#62;`);
    expect(html).toContain(`href="${SITE}/n/${id}"`);
    expect(headers["subject"]).not.toContain(name);
    expect(await deliveries()).toEqual([{ state: "ACCEPTED", reason: null, attempts: 1 }]);
  });

  it("waits for the end of quiet hours, and then leaves as one mail", async () => {
    await wants();
    const now = new Date();
    const clock = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString().slice(11, 16);
    const quietHours = { start: clock(-30), end: clock(30), timeZone: "UTC" };
    await savePreferences(contextOf(guardian()), { quietHours });
    await absent();
    await absent();
    await send();
    expect(await mails()).toEqual([]);
    await send(in_(31 * 60_000));
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail?.text.match(/was absent from Physics/g)).toHaveLength(2);
  });

  it("is one mail a day for who wants a summary, however much there is", async () => {
    await wants();
    await savePreferences(contextOf(guardian()), { digest: "daily" });
    for (let n = 0; n < 14; n += 1) await absent();
    await send();
    expect(await mails()).toEqual([]);
    const { notBefore } = await db().notificationDelivery.findFirstOrThrow({
      where: { channel: "email", notification: { userId: guardian().id } },
    });
    await send(() => new Date(notBefore.getTime() + 1_000));
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail?.text.match(/was absent from Physics/g)).toHaveLength(14);
    expect((await deliveries()).map(({ state }) => state)).toEqual(Array<string>(14).fill("ACCEPTED"));
  });

  it("looks again right before it sends: who is no guardian any more, switched it off or has read it gets none", async () => {
    for (const undo of [
      () => db().guardianship.deleteMany({ where: { guardianId: guardian().id } }),
      () => wants(guardian(), false),
      () =>
        db().notification.updateMany({ where: { userId: guardian().id }, data: { readAt: new Date(Date.now() + 5) } }),
    ]) {
      await db().guardianship.createMany({
        data: [{ guardianId: guardian().id, studentId: student().id, schoolId: student().schoolId }],
        skipDuplicates: true,
      });
      await wants();
      await absent();
      await undo();
      await send();
    }
    expect(await mails()).toEqual([]);
    expect((await deliveries()).map(({ reason }) => reason)).toEqual(["not_entitled", "preference_off", "read"]);
  });

  it("is tried again when the server says later or does not answer, with the same Message-ID", async () => {
    await wants();
    server.refuseMessages(451);
    await absent();
    await send();
    expect(await deliveries()).toEqual([{ state: "PENDING", reason: null, attempts: 1 }]);
    const away = smtpTransport("smtp://127.0.0.1:1", MAIL_FROM);
    const dispatcher = createMailDispatcher({
      client: db(),
      transport: away,
      publicUrl: SITE,
      clock: in_(60_000),
      random: () => 0,
    });
    await drain(dispatcher);
    await dispatcher.stop();
    away.close();
    expect(await deliveries()).toEqual([{ state: "PENDING", reason: null, attempts: 2 }]);
    await send(in_(120_000));
    expect(await deliveries()).toEqual([{ state: "ACCEPTED", reason: null, attempts: 3 }]);
    expect(await mails()).toHaveLength(1);
  });

  it("goes no more to an address that its server refuses, until the person asks again", async () => {
    await wants();
    server.refuseRecipients(550);
    await absent();
    await send();
    await absent();
    await send();
    expect(await mails()).toEqual([]);
    expect(await deliveries()).toEqual([
      { state: "DEAD", reason: "smtp_550", attempts: 1 },
      { state: "SUPPRESSED", reason: "address_refused", attempts: 1 },
    ]);
    expect(await mailAddress(contextOf(guardian()))).toEqual({ address: await email(guardian()), isRefused: true });
    const reach = () =>
      alertReach(contextOf(at(school().teachers, 0)), [{ studentId: student().id, markedById: null }]);
    for (const each of [guardian(0), guardian(1)])
      await savePreferences(contextOf(each), { categories: { absence: { webPush: false, inApp: false } } });
    expect(await reach()).toMatchObject({ notified: 0, unreachable: [student().id] });
    // A form that repeats the choice asks for nothing.
    await wants();
    expect(await mailAddress(contextOf(guardian()))).toMatchObject({ isRefused: true });
    await wants(guardian(), false);
    await wants();
    expect(await reach()).toMatchObject({ notified: 1, unreachable: [] });
    expect(await mailAddress(contextOf(guardian()))).toMatchObject({ isRefused: false });
    await absent();
    await send();
    expect(await mails()).toHaveLength(1);
  });

  it("ends by one press without signing in, as its headers say, and by nothing else", async () => {
    await wants();
    await savePreferences(contextOf(guardian()), { categories: { enrollment: { email: true } } });
    await absent();
    await send();
    const link = /<([^>]+)>/.exec((await mails())[0]?.headers["list-unsubscribe"] ?? "")?.[1] ?? "";
    const token = new URL(link).pathname.replace("/api/unsubscribe/", "");
    const call = { requestId: newId(), now: new Date(), source: "api" as const };
    expect(unsubscribeOf(token)).toBe("absence");
    for (const wrong of [token.slice(0, -1), `${token}.x`, `x${token}`, "", "a.b", token.replace(/^./, "_")]) {
      expect(unsubscribeOf(wrong), wrong).toBeNull();
      await expect(unsubscribe(call, { token: wrong })).rejects.toMatchObject({ code: "not_found" });
    }
    await absent();
    await unsubscribe(call, { token });
    await unsubscribe(call, { token });
    const { categories } = await getPreferences(contextOf(guardian()));
    expect([categories.absence, categories.enrollment.email]).toEqual([
      { webPush: true, email: false, inApp: true },
      true,
    ]);
    await send();
    expect(await mails()).toHaveLength(1);
    const audited = { objectId: guardian().id, action: "notification.unsubscribed" };
    expect(await db().auditEntry.count({ where: audited })).toBe(2);
  });

  it("counts as reaching a guardian", async () => {
    const off = { categories: { absence: { webPush: false, inApp: false } } };
    for (const each of [guardian(0), guardian(1)]) await savePreferences(contextOf(each), off);
    const reach = () =>
      alertReach(contextOf(at(school().teachers, 0)), [{ studentId: student().id, markedById: null }]);
    expect(await reach()).toMatchObject({ notified: 0, unreachable: [student().id] });
    await wants();
    expect(await reach()).toMatchObject({ notified: 1, inboxOnly: 0, unreachable: [] });
  });
});

describe("an installation without a mail server", () => {
  it("asks nobody about mail and plans none", async () => {
    vi.stubEnv("SMTP_URL", "");
    forgetEnvironment();
    expect((await wants()).categories.absence.email).toBe(false);
    expect(await mailAddress(contextOf(guardian()))).toBeNull();
    await absent();
    expect(await deliveries()).toEqual([]);
    expect(await keptMail(contextOf(school().admin))).toBeNull();
  });

  it("keeps mail in a folder with the demo school, for the owner of the folder and the office of the school", async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-mail-"));
    vi.stubEnv("SMTP_URL", "");
    vi.stubEnv("CAMPUS_DEMO", "1");
    vi.stubEnv("CAMPUS_DATA_DIR", dir);
    forgetEnvironment();
    expect(await keptMail(contextOf(school().admin))).toEqual([]);
    await wants();
    await absent();
    const transport = folderTransport(outboxFolder(dir), MAIL_FROM);
    const dispatcher = createMailDispatcher({ client: db(), transport, publicUrl: SITE });
    await drain(dispatcher);
    await dispatcher.stop();
    const files = fs.readdirSync(outboxFolder(dir));
    expect(files.map((name) => path.extname(name)).sort()).toEqual([".eml", ".json"]);
    for (const name of files) expect(fs.statSync(path.join(outboxFolder(dir), name)).mode & 0o777).toBe(0o600);
    const [mail] = (await keptMail(contextOf(school().admin))) ?? [];
    expect(mail).toMatchObject({
      to: await email(guardian()),
      text: expect.stringContaining("was absent from Physics"),
    });
    const elsewhere = contextOf({ ...school().admin, schoolId: newId() });
    expect(await keptMail(elsewhere)).toEqual([]);
    await expect(keptMail(contextOf(guardian()))).rejects.toMatchObject({ code: "forbidden" });
    fs.rmSync(dir, { recursive: true });
  });
});
