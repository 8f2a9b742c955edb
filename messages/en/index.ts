import admin from "./admin.json";
import api from "./api.json";
import attendance from "./attendance.json";
import auth from "./auth.json";
import calendar from "./calendar.json";
import enrollment from "./enrollment.json";
import errors from "./errors.json";
import family from "./family.json";
import invitations from "./invitations.json";
import notifications from "./notifications.json";
import people from "./people.json";
import plainPages from "./plain-pages.json";
import roster from "./roster.json";
import rosterImport from "./roster-import.json";
import sections from "./sections.json";
import setup from "./setup.json";
import timetable from "./timetable.json";
import ui from "./ui.json";

/** The English catalogue: one namespace a module, one file a namespace. */
export const messages = {
  admin,
  api,
  attendance,
  auth,
  calendar,
  enrollment,
  errors,
  family,
  invitations,
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
