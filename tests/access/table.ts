// Who may ask what of the core. Every use-case and query that takes a context has a line here, or the test fails.
import { changeableClassSession } from "@/lib/attendance/class-changes/access";
import { cancelClassSession } from "@/lib/attendance/class-changes/cancel-class-session";
import { changeClassSession } from "@/lib/attendance/class-changes/change";
import { classChangeView, officeDay } from "@/lib/attendance/class-changes/class-change-view";
import { moveClassSession, overlapsOfMove } from "@/lib/attendance/class-changes/move-class-session";
import { restoreClassSession } from "@/lib/attendance/class-changes/restore-class-session";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { ownStudent, taughtClassSession } from "@/lib/attendance/access";
import { notifyNow } from "@/lib/attendance/grace/notify-now";
import { reopenSheet } from "@/lib/attendance/grace/reopen-sheet";
import { attendanceMonth, familyDay } from "@/lib/attendance/history/family-queries";
import { familyVersion } from "@/lib/attendance/history/family-version";
import { familyAttendance, familyStudents, myAttendance } from "@/lib/attendance/history/history-queries";
import { ownAttendanceData } from "@/lib/attendance/history/own-attendance-data";
import { attendanceOverview } from "@/lib/attendance/sheet/day-counts";
import { markBulk } from "@/lib/attendance/sheet/mark-bulk";
import { attendanceSheet, attendanceSheetVersion, classSessions, teacherDay } from "@/lib/attendance/sheet/queries";
import { addDayOff } from "@/lib/catalog/calendar/add-day-off";
import { schoolCalendar } from "@/lib/catalog/calendar/days-off";
import { importHolidays, previewHolidays } from "@/lib/catalog/calendar/holidays/import-holidays";
import { officeCalendar } from "@/lib/catalog/calendar/office-calendar";
import { removeDayOff } from "@/lib/catalog/calendar/remove-day-off";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { ownEnrollmentData } from "@/lib/enrollment/members/own-enrollment-data";
import { enrollmentOverview } from "@/lib/enrollment/registration/seat-counts";
import { changePassword, chooseFirstPassword, hasInitialPassword } from "@/lib/identity/credentials/change-password";
import { endOtherSessions, endSession } from "@/lib/identity/devices/end-session";
import { mySessions } from "@/lib/identity/devices/my-sessions";
import { cancelEmailChange, requestEmailChange } from "@/lib/identity/account/change-email";
import { changeName, chooseLocale, forgetMe, ownAccount } from "@/lib/identity/account/own-account";
import { ownIdentityData } from "@/lib/identity/account/own-data";
import {
  beginAuthenticator,
  confirmAuthenticator,
  renewRecoveryCodes,
  turnOffAuthenticator,
} from "@/lib/identity/factors/authenticator";
import { proveAgain, requireRecentProof, waysToProve } from "@/lib/identity/factors/recent-proof";
import { factorDaysLeft } from "@/lib/identity/factors/rule";
import { setFactorRule } from "@/lib/identity/factors/set-factor-rule";
import { signInMethods } from "@/lib/identity/factors/sign-in-methods";
import { auditLog, auditOfPerson } from "@/lib/identity/office/audit-log";
import { changeRoles } from "@/lib/identity/office/change-roles";
import { endAccount, reopenAccount } from "@/lib/identity/office/end-account";
import { endSessionOf, endSessionsOf } from "@/lib/identity/office/end-sessions";
import { findPeople } from "@/lib/identity/office/find-people";
import { addPerson, makeWayIn } from "@/lib/identity/office/let-in";
import { schoolPerson } from "@/lib/identity/office/person";
import { resetSecondFactor } from "@/lib/identity/office/reset-second-factor";
import { addPasskey, beginPasskey } from "@/lib/identity/passkeys/add-passkey";
import { removePasskey } from "@/lib/identity/passkeys/remove-passkey";
import { getMe } from "@/lib/identity/people/get-me";
import { peopleOverview } from "@/lib/identity/people/people-counts";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { importPreview } from "@/lib/roster/office/import-preview";
import { cancelOwnImport, ownImport, ownImports } from "@/lib/roster/office/own-imports";
import { leftToDo } from "@/lib/identity/setup/left-to-do";
import { mailLinks } from "@/lib/roster/invite/mail-links";
import { makeLinks } from "@/lib/roster/invite/make-links";
import { uninvited } from "@/lib/roster/invite/uninvited";
import { previewUpload } from "@/lib/roster/office/preview-upload";
import {
  schoolSettings,
  setAlertGrace,
  setPasswordLength,
  setPasswordsAllowed,
} from "@/lib/identity/people/school-settings";
import { signOut } from "@/lib/identity/sessions/revoke-sessions";
import { keptMail } from "@/lib/notification/channels/email/kept-mail";
import { sendTestAlert } from "@/lib/notification/channels/web-push/send-test-alert";
import { deliveryOverview } from "@/lib/notification/deliveries/delivery-counts";
import { forgetDevice } from "@/lib/notification/devices/device-cookie";
import { removeSubscription } from "@/lib/notification/devices/remove-subscription";
import { renewSubscription } from "@/lib/notification/devices/renew-subscription";
import { saveSubscription } from "@/lib/notification/devices/save-subscription";
import { getInbox, getOwnNotification } from "@/lib/notification/inbox/inbox";
import { ownNotificationData } from "@/lib/notification/inbox/own-notification-data";
import { markAllRead, markRead, undoMarkAllRead } from "@/lib/notification/inbox/mark-read";
import { alertReach } from "@/lib/notification/preferences/alert-reach";
import { mailAddress } from "@/lib/notification/preferences/mail-address";
import { savePreferences } from "@/lib/notification/preferences/save-preferences";
import { getPreferences, listDevices, listNotifications, personDevices, shellUnread } from "@/lib/notification/queries";
import { db } from "@/lib/platform/db/client";
import type { Context, Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { getSection } from "@/lib/timetable/get-section";
import { getWeek } from "@/lib/timetable/get-week";
import { listEnrollments } from "@/lib/timetable/list-enrollments";
import { personSections } from "@/lib/timetable/person-sections";
import { browseSections, listSections } from "@/lib/timetable/list-sections";
import { pageMe } from "@/lib/web/page/page-guard";
import { newSubscription, type Scene } from "./scene";

/**
 * Whose a thing is that is asked for. `person`: it is named by the call and belongs to one person; for anybody else it
 * is not there. `school`: named by the call, and for everybody of the school with the role. `self`: nothing is named,
 * the answer is about who asks. `all`: nothing is named, the answer is about the school of who asks.
 * `people`: the same, and the answer names the people of the school and what is theirs.
 */
export type Whose = "person" | "school" | "self" | "all" | "people";

/** Roles that may call it, each with whose things, or why every signed-in person may. */
type May = Partial<Record<Role, Whose>> | { everybody: string; whose: Whose };

export type Line = {
  use: { name: string };
  may: May;
  /** Calls it for what the owner of the scene has; made anew for each test, before anything is compared. */
  prepare: (scene: Scene) => Promise<(ctx: Context) => Promise<unknown>>;
  /** What the other school's people are answered, where ids would not tell. */
  elsewhere?: unknown;
};

/** `given` makes the arguments after the context. */
function line<A extends unknown[] | []>(
  use: (ctx: Context, ...rest: A) => Promise<unknown>,
  may: May,
  given: (scene: Scene) => NoInfer<A> | Promise<NoInfer<A>>,
  elsewhere?: unknown,
): Line {
  const prepare = async (scene: Scene) => {
    const rest = await given(scene);
    return (ctx: Context) => use(ctx, ...rest);
  };
  return { use, may, prepare, ...(elsewhere === undefined ? {} : { elsewhere }) };
}

const page = { limit: 50 };
const nothing = (): [] => [];
const ofOneself = { everybody: "everybody has a password and sessions of their own", whose: "self" } as const;
const ofOffice: May = { ADMIN: "all" };
const ofSchoolPerson: May = { ADMIN: "school" };
const ofOfficeWithPeople: May = { ADMIN: "people" };
const everybody = { q: undefined, role: undefined, state: undefined, cursor: undefined };
const ofStudent: May = { STUDENT: "self" };
const ofTeacher: May = { TEACHER: "self" };
const ofGuardian: May = { GUARDIAN: "self" };
const ofTaughtClass: May = { TEACHER: "person" };
const ofChangeableClass: May = { TEACHER: "person", ADMIN: "school" };
const ownThing: May = { everybody: "everybody has an inbox and devices of their own", whose: "person" };
const ownList: May = { everybody: "everybody has an inbox and devices of their own", whose: "self" };
const catalogue: May = { everybody: "the sections on offer are no secret within the school", whose: "all" };
const classId = async (scene: Scene): Promise<[string]> => [await scene.newClass()];
const classInput = async (scene: Scene): Promise<[{ id: string }]> => [{ id: await scene.newClass() }];
const move = async (scene: Scene) => {
  const place = { date: scene.today, startsAt: "23:58", endsAt: "24:00", reason: null };
  return [{ ...place, id: await scene.newClass() }] satisfies [unknown];
};
/** The address of the owner's device, as somebody may have learned it. */
const anothersDevice = async (scene: Scene): Promise<[ReturnType<typeof newSubscription>]> => {
  const { endpoint } = await db().pushSubscription.findUniqueOrThrow({ where: { id: await scene.newDevice() } });
  return [{ ...newSubscription(), endpoint }];
};
const noClasses = { classes: 0, finalized: 0, overdue: 0, absent: 0 };
const noSections = { sections: 0, full: 0, seats: 0, taken: 0, overFilled: 0, fullest: [] };
const noDeliveries = { accepted: 0, waiting: 0, suppressed: 0, gone: 0, dead: 0, deadLetters: 0 };
const noPasskey = {
  id: "",
  rawId: "",
  type: "public-key" as const,
  clientExtensionResults: {},
  response: { clientDataJSON: "", attestationObject: "" },
};
/** Nobody of the scene has a password. */
const one = { waiting: 1, linked: 0 };
const fewWaiting = { staff: { waiting: 2, linked: 0 }, students: one, guardians: one };
const fewPeople = { students: 1, teachers: 1, guardians: 1, studentsWithoutGuardian: 0, initialPasswords: 0 };

export const lines: Line[] = [
  // identity
  line(signOut, { everybody: "everybody ends their own session", whose: "self" }, nothing),
  line(getMe, { everybody: "everybody knows themselves", whose: "self" }, nothing),
  line(pageMe, { everybody: "everybody knows themselves", whose: "self" }, nothing),
  line(schoolOfActor, { everybody: "name and time zone of one's own school are on every page", whose: "all" }, nothing),
  line(schoolSettings, ofOffice, nothing, {
    alertGraceSeconds: null,
    passwordMinLength: 10,
    passwordsAllowed: true,
    factorRoles: [],
    factorGraceDays: 14,
  }),
  line(mySessions, ofOneself, () => [{ locale: "en" }]),
  line(endSession, { ...ofOneself, whose: "person" }, async (scene) => [{ id: await scene.newSession() }]),
  line(endOtherSessions, ofOneself, nothing),
  line(changePassword, ofOneself, () => [{ current: "no such password", password: "five calm words are here" }]),
  line(hasInitialPassword, ofOneself, nothing),
  line(chooseFirstPassword, ofOneself, async (scene) => {
    await scene.giveInitialPassword();
    return [{ password: "five calm words are here" }];
  }),
  line(requireRecentProof, ofOneself, nothing),
  line(waysToProve, ofOneself, nothing),
  line(factorDaysLeft, ofOneself, () => [new Date()], null),
  line(beginPasskey, ofOneself, nothing),
  line(addPasskey, ofOneself, () => [{ kept: "", response: noPasskey }]),
  line(removePasskey, { ...ofOneself, whose: "person" }, async (scene) => [{ id: await scene.newPasskey() }]),
  line(proveAgain, ofOneself, () => [{ password: "no such password", code: "" }]),
  line(signInMethods, ofOneself, () => [{ locale: "en" }]),
  line(beginAuthenticator, ofOneself, nothing),
  line(confirmAuthenticator, ofOneself, () => [{ code: "000000" }]),
  line(renewRecoveryCodes, ofOneself, nothing),
  line(turnOffAuthenticator, ofOneself, nothing),
  line(peopleOverview, ofOffice, nothing, fewPeople),
  line(ownAccount, ofOneself, nothing),
  line(ownIdentityData, ofOneself, nothing),
  line(changeName, ofOneself, () => [{ givenName: "New", familyName: "Name" }]),
  line(chooseLocale, ofOneself, () => [{ locale: "en" }]),
  line(forgetMe, ofOneself, nothing),
  line(requestEmailChange, ofOneself, () => [
    { email: `${newId()}@test.campusos.example`, current: "no such password" },
  ]),
  line(cancelEmailChange, ofOneself, nothing),
  line(findPeople, ofOfficeWithPeople, () => [everybody]),
  line(schoolPerson, ofSchoolPerson, ({ student }) => [{ personId: student.id, locale: "en" }]),
  line(auditOfPerson, ofOfficeWithPeople, ({ student }) => [{ personId: student.id }], []),
  line(auditLog, ofOfficeWithPeople, () => [{ area: undefined, cursor: undefined }]),
  line(makeWayIn, ofSchoolPerson, ({ student }) => [{ personId: student.id }]),
  line(addPerson, ofOffice, () => [
    { givenName: "A", familyName: "B", email: `${newId()}@test.campusos.example`, roles: ["TEACHER" as const] },
  ]),
  line(changeRoles, ofSchoolPerson, async (scene) => [
    { personId: await scene.newPerson(), roles: ["TEACHER" as const] },
  ]),
  line(resetSecondFactor, ofSchoolPerson, async (scene) => [{ personId: await scene.newPerson() }]),
  line(endAccount, ofSchoolPerson, async (scene) => [{ personId: await scene.newPerson() }]),
  line(reopenAccount, ofSchoolPerson, async (scene) => [{ personId: await scene.newPerson({ active: false }) }]),
  line(endSessionOf, ofSchoolPerson, async (scene) => [
    { personId: scene.student.id, sessionId: await scene.newSession() },
  ]),
  line(endSessionsOf, ofSchoolPerson, async (scene) => [{ personId: await scene.newPerson() }]),
  // catalog
  line(schoolCalendar, { everybody: "days off are for every role", whose: "all" }, () => [page], {
    items: [],
    nextCursor: null,
  }),
  line(officeCalendar, ofOffice, async (scene) => {
    await scene.newDayOff();
    return [];
  }),
  line(removeDayOff, { ADMIN: "school" }, async (scene) => [{ id: await scene.newDayOff() }]),
  line(addDayOff, ofOffice, ({ today }) => [{ startsOn: today, endsOn: today, title: "Access" }, classMarks]),
  line(previewHolidays, ofOffice, () => ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"]),
  line(importHolidays, ofOffice, ({ today }) => [
    [{ uid: "access", startsOn: today, endsOn: today, title: "Held" }],
    classMarks,
  ]),
  // roster
  line(previewUpload, ofOffice, () => [{ id: newId(), name: "roster.zip", bytes: null }]),
  line(ownImports, ofOffice, nothing),
  line(ownImport, { ADMIN: "school" }, async (scene) => [{ id: await scene.newPreview() }]),
  line(importPreview, { ADMIN: "school" }, async (scene) => [{ id: await scene.newPreview() }]),
  line(leftToDo, ofOffice, nothing, { awaitsRoster: false, uninvited: 4 }),
  line(uninvited, ofOffice, nothing, { groups: fewWaiting, classes: [] }),
  line(mailLinks, ofOffice, () => [{ whom: "staff" as const, classId: undefined, again: false }]),
  line(makeLinks, ofOffice, () => [{ whom: "staff" as const, classId: undefined, again: false }]),
  line(cancelOwnImport, { ADMIN: "school" }, async (scene) => [{ id: await scene.newPreview() }]),
  // enrollment and timetable
  line(enroll, { STUDENT: "school" }, (scene) => [{ sectionId: scene.openSection.id, joinWaitlist: false }]),
  line(ownEnrollmentData, ofOneself, nothing),
  line(dropEnrollment, { STUDENT: "person" }, ({ enrollmentId }) => [{ id: enrollmentId }]),
  line(enrollmentOverview, ofOffice, nothing, noSections),
  line(listEnrollments, ofStudent, () => [page]),
  line(getWeek, ofStudent, () => [{}]),
  line(personSections, ofOfficeWithPeople, ({ student }) => [{ personId: student.id }], []),
  line(listSections, catalogue, () => [{ ...page, availability: "all" as const }], { items: [], nextCursor: null }),
  line(browseSections, catalogue, () => [{ ...page, availability: "all" as const }]),
  line(getSection, { everybody: "the sections on offer are no secret within the school", whose: "school" }, (scene) => [
    { id: scene.section.id },
  ]),
  // attendance
  line(classSessions, ofTeacher, () => [page]),
  line(teacherDay, ofTeacher, nothing),
  line(attendanceSheet, ofTaughtClass, classId),
  line(attendanceSheetVersion, ofTaughtClass, classId),
  line(markBulk, ofTaughtClass, async (scene) => [
    {
      classSessionId: await scene.newClass(),
      records: [{ studentId: scene.student.id, status: "ABSENT" as const }],
      finalize: true,
    },
  ]),
  line(reopenSheet, ofTaughtClass, classId),
  line(notifyNow, ofTaughtClass, classId),
  line(taughtClassSession, ofTaughtClass, async (scene) => [db(), await scene.newClass()]),
  line(changeableClassSession, ofChangeableClass, async (scene) => [db(), await scene.newClass()]),
  line(classChangeView, ofChangeableClass, classId),
  line(cancelClassSession, ofChangeableClass, async (scene) => [{ id: await scene.newClass(), reason: null }]),
  line(restoreClassSession, ofChangeableClass, classInput),
  line(moveClassSession, ofChangeableClass, move),
  line(overlapsOfMove, ofChangeableClass, move),
  line(changeClassSession, ofChangeableClass, async (scene) => [
    await scene.newClass(),
    db(),
    { datesMatter: false },
    () => Promise.resolve("restored" as const),
  ]),
  line(officeDay, ofOffice, ({ today }) => [{ date: today, query: "" }]),
  line(attendanceOverview, ofOffice, ({ today }) => [today], noClasses),
  line(ownAttendanceData, ofOneself, nothing),
  line(myAttendance, ofStudent, () => [page]),
  line(ownStudent, { GUARDIAN: "person" }, ({ student }) => [db(), student.id]),
  line(familyStudents, ofGuardian, () => [page]),
  line(familyAttendance, { GUARDIAN: "person" }, ({ student }) => [student.id, page]),
  line(familyDay, ofGuardian, nothing),
  line(familyVersion, ofGuardian, nothing),
  line(attendanceMonth, { GUARDIAN: "person" }, ({ student }) => [student.id, undefined]),
  line(attendanceMonth, ofStudent, () => [null, undefined]),
  // notification
  line(listNotifications, ownList, () => [{ ...page, locale: "en" }]),
  line(getInbox, ownList, () => [{ locale: "en", unread: false, studentId: null, cursor: null }]),
  line(shellUnread, ownList, nothing),
  line(getOwnNotification, ownThing, async (scene) => [{ id: await scene.newNotification() }]),
  line(markRead, ownThing, async (scene) => [{ id: await scene.newNotification() }]),
  line(markAllRead, ownList, nothing),
  line(undoMarkAllRead, ownList, () => [{ markedAt: new Date().toISOString() }]),
  line(getPreferences, ownList, nothing),
  line(savePreferences, ownList, () => [{ digest: "daily" as const, categories: { absence: { webPush: false } } }]),
  line(listDevices, ownList, () => [{ locale: "en" }]),
  line(personDevices, ofOfficeWithPeople, ({ student }) => [{ personId: student.id, locale: "en" }], []),
  line(ownNotificationData, ownList, () => [{ locale: "en" }]),
  line(mailAddress, ownList, nothing, null),
  // Nothing is kept here: its own test reads a folder.
  line(keptMail, ofOffice, nothing, null),
  // Without the keys of the browser: who has those is the browser, which may change hands.
  line(saveSubscription, ownList, anothersDevice),
  line(renewSubscription, ownThing, async (scene) => {
    const [subscription] = await anothersDevice(scene);
    return [{ ...subscription, device: null }];
  }),
  line(removeSubscription, ownThing, async (scene) => [{ id: await scene.newDevice() }]),
  line(sendTestAlert, ownThing, async (scene) => [{ id: await scene.newDevice() }]),
  line(forgetDevice, { everybody: "the cookie alone says which browser it is", whose: "self" }, () => [null]),
  line(alertReach, { TEACHER: "all" }, ({ student }) => [[{ studentId: student.id, markedById: newId() }]], {
    notified: 0,
    inboxOnly: 0,
    withoutGuardian: [],
    unreachable: [],
  }),
  line(deliveryOverview, ofOffice, nothing, noDeliveries),
  // Last, because other lines ask what it changes.
  line(setAlertGrace, ofOffice, () => [{ alertGraceSeconds: 60 }]),
  line(setFactorRule, ofOffice, () => [{ factorRoles: ["ADMIN" as const], factorGraceDays: 7 }]),
  line(setPasswordLength, ofOffice, () => [{ passwordMinLength: 12 }]),
  line(setPasswordsAllowed, ofOffice, () => [{ passwordsAllowed: false }]),
];
