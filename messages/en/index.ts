import admin from "./admin.json";
import attendance from "./attendance.json";
import auth from "./auth.json";
import enrollment from "./enrollment.json";
import family from "./family.json";
import notifications from "./notifications.json";
import roster from "./roster.json";
import sections from "./sections.json";
import timetable from "./timetable.json";
import ui from "./ui.json";

/** The English catalogue: one namespace a module, one file a namespace. */
export const messages = {
  admin,
  attendance,
  auth,
  enrollment,
  family,
  notifications,
  roster,
  sections,
  timetable,
  ui,
};
