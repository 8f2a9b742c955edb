// Part of the page that is shown without a network (lib/web/page/plain-page.ts puts it in, with `dayWords`): the classes that
// this device keeps for the person who is signed in, and a class list that can be marked. It reads what
// components/attendance/offline/kept-day.ts keeps, and leaves marks where the class grid looks for its own unsent ones
// (components/attendance/class-grid/state/sheet-draft.ts), which sends them when the class is opened with a connection.
/* global dayWords */
"use strict";

(() => {
  const KEEP_MS = 36 * 3_600_000;
  const STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"];
  const classId = /^\/classes\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  const place = document.querySelector("section");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

  function make(tag, { text, ...properties } = {}, ...children) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const answerOf = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("not kept"));
    });

  /** A database of another page; null when there is none, and then none is made. */
  async function open(name, make) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => (make ? make(request.result) : request.transaction.abort());
    return answerOf(request).catch(() => null);
  }

  const owner = () => {
    try {
      return localStorage.getItem("campus:kept-for");
    } catch {
      return null;
    }
  };

  async function keptOf(personId, key) {
    const db = await open("campus-day");
    if (!db) return null;
    try {
      const kept = await answerOf(db.transaction("kept").objectStore("kept").get(key));
      const isTheirs = kept?.personId === personId && owner() === personId;
      return isTheirs && Date.now() - kept.keptAt < KEEP_MS ? kept : null;
    } catch {
      return null;
    } finally {
      db.close();
    }
  }

  /** The unsent marks of a class. With `change` they are written first. */
  async function draftOf(personId, id, change) {
    const db = await open("campus-sheets", (made) =>
      made.createObjectStore("sheets", { keyPath: ["teacherId", "classSessionId"] }),
    );
    if (!db) return {};
    try {
      const store = db.transaction("sheets", "readwrite").objectStore("sheets");
      const draft = { ...(await answerOf(store.get([personId, id])))?.draft };
      if (!change) return draft;
      change(draft);
      const isEmpty = Object.keys(draft).length === 0;
      const value = { teacherId: personId, classSessionId: id, keptAt: Date.now(), draft };
      await answerOf(isEmpty ? store.delete([personId, id]) : store.put(value));
      return draft;
    } finally {
      db.close();
    }
  }

  const plural = new Intl.PluralRules(document.documentElement.lang);
  const waiting = (count) => fill(dayWords.waiting[plural.select(count)] ?? dayWords.waiting.other, { count });

  async function showDay(personId) {
    const day = await keptOf(personId, "day");
    if (!day) return;
    const list = make("ul");
    for (const { id, time, title, detail } of day.classes) {
      const count = Object.keys(await draftOf(personId, id)).length;
      const link = make(
        "a",
        { href: `/classes/${id}` },
        make("b", { text: `${time} ${title}` }),
        make("i", { text: detail }),
      );
      if (count > 0) link.append(make("i", { text: waiting(count) }));
      list.append(make("li", {}, link));
    }
    place.replaceChildren(make("h2", { text: fill(dayWords.day, { date: day.date }) }), list);
    place.hidden = false;
  }

  async function showClass(personId) {
    const kept = await keptOf(personId, `class:${classId}`);
    place.hidden = false;
    const back = make("a", { href: "/today", text: dayWords.today });
    if (!kept) return place.replaceChildren(make("p", { text: dayWords.notKept }), back);
    document.title = `${kept.title} – CampusOS`;
    const canMark = kept.opensAt !== null && Date.now() >= kept.opensAt;
    let draft = await draftOf(personId, classId);
    const said = make("p", { role: "status" });
    const say = () => {
      const count = Object.keys(draft).length;
      said.textContent =
        count > 0 ? `${waiting(count)}. ${dayWords.sentLater}` : canMark ? dayWords.sentLater : dayWords.readOnly;
    };
    const list = make("ul");
    for (const student of kept.students) list.append(rowOf(student));
    say();
    place.replaceChildren(back, make("h2", { text: kept.title }), make("p", { text: kept.detail }), said, list);

    function rowOf({ id, name, mark: base }) {
      const word = make("i");
      const row = make("li", { class: "student" }, make("span", {}, make("b", { text: name }), word));
      const buttons = STATUSES.map((status) => {
        const label = `${name}: ${dayWords.status[status]}`;
        return make("button", {
          type: "button",
          "data-status": status,
          "aria-label": label,
          text: dayWords.letters[status],
        });
      });
      const draw = () => {
        const { status } = draft[id]?.mark ?? base;
        word.textContent = dayWords.status[status ?? "UNMARKED"];
        for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.status === status));
      };
      for (const button of buttons)
        button.addEventListener("click", async () => {
          const before = draft[id]?.mark ?? base;
          const status = before.status === button.dataset.status ? null : button.dataset.status;
          const mark = { ...before, status, minutesLate: status === "LATE" ? minutesLate() : null };
          draft = await draftOf(personId, classId, (all) => {
            if (mark.status === base.status && mark.note === base.note) delete all[id];
            else all[id] = { base, mark };
          });
          draw();
          say();
        });
      draw();
      if (canMark) row.append(make("div", {}, ...buttons));
      return row;
    }

    /** How late somebody is who comes in now, while the class runs; else nobody knows. */
    function minutesLate() {
      const now = Date.now();
      return now > kept.startsAt && now < kept.endsAt
        ? Math.min(600, Math.round((now - kept.startsAt) / 60_000))
        : null;
    }
  }

  const personId = owner();
  if (personId !== null) void (classId === undefined ? showDay(personId) : showClass(personId));
  // Somebody signs out in another tab.
  addEventListener("storage", ({ key }) => {
    if (key === "campus:kept-for" || key === null) place.replaceChildren();
  });
})();
