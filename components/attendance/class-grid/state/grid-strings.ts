import type messages from "@/messages/en/attendance.json";

/** The words of the grid: the server reads them from the catalogue and hands them over as they are. */
export type GridStrings = (typeof messages)["grid"];
