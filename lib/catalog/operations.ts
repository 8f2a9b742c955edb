import { operation } from "@/lib/shared/operation";
import { liveSeatsAnswer, seatsQuery } from "./schema";

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
