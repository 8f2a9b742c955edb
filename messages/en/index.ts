import account from "./account.json" with { type: "json" };
import admin from "./admin.json" with { type: "json" };
import api from "./api.json" with { type: "json" };
import attendance from "./attendance.json" with { type: "json" };
import auth from "./auth.json" with { type: "json" };
import calendar from "./calendar.json" with { type: "json" };
import enrollment from "./enrollment.json" with { type: "json" };
import errors from "./errors.json" with { type: "json" };
import factors from "./factors.json" with { type: "json" };
import family from "./family.json" with { type: "json" };
import invitations from "./invitations.json" with { type: "json" };
import log from "./log.json" with { type: "json" };
import notifications from "./notifications.json" with { type: "json" };
import people from "./people.json" with { type: "json" };
import plainPages from "./plain-pages.json" with { type: "json" };
import roster from "./roster.json" with { type: "json" };
import rosterImport from "./roster-import.json" with { type: "json" };
import sections from "./sections.json" with { type: "json" };
import setup from "./setup.json" with { type: "json" };
import timetable from "./timetable.json" with { type: "json" };
import ui from "./ui.json" with { type: "json" };

/** The English catalogue: one namespace a module, one file a namespace. */
export const messages = {
  account,
  admin,
  api,
  attendance,
  auth,
  calendar,
  enrollment,
  errors,
  factors,
  family,
  invitations,
  log,
  notifications,
  people,
  plainPages,
  roster,
  rosterImport,
  sections,
  setup,
  timetable,
  ui,
};
