import { operation } from "@/lib/shared/operation";
import {
  addedDayOffSchema,
  calendarQuery,
  dayOffInput,
  dayOffListSchema,
  dayOffParams,
  liveSeatsAnswer,
  seatsQuery,
} from "./schema";

/** `GET /api/sections/seats`: what an open page asks every two seconds. */
export const liveSeatsOperation = operation({
  id: "liveSeats",
  method: "GET",
  path: "/api/sections/seats",
  summary:
    "Free seats of up to 100 sections (`ids`, comma-separated), at most half a second old. Sections that are not of your school are left out.",
  tag: "sections",
  access: "signedIn",
  query: seatsQuery,
  responses: { 200: liveSeatsAnswer },
  errors: [],
});

export const schoolCalendarOperation = operation({
  id: "getCalendar",
  method: "GET",
  path: "/api/calendar",
  summary: "Days on which my school has no classes",
  tag: "calendar",
  access: "signedIn",
  query: calendarQuery,
  responses: { 200: dayOffListSchema },
  errors: [],
});

export const addDayOffOperation = operation({
  id: "addDayOff",
  method: "POST",
  path: "/api/calendar/days-off",
  summary:
    "No school on these days (`from` to `to`, both included). Classes on them are cancelled, those with marks stay",
  tag: "calendar",
  access: ["ADMIN"],
  body: dayOffInput,
  responses: { 201: addedDayOffSchema },
  errors: ["day_off_exists"],
});

export const removeDayOffOperation = operation({
  id: "removeDayOff",
  method: "DELETE",
  path: "/api/calendar/days-off/{id}",
  summary: "There is school on these days after all: their classes take place again",
  tag: "calendar",
  access: ["ADMIN"],
  params: dayOffParams,
  responses: { 204: null },
  errors: ["not_found"],
});
