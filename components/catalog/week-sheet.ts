/** Id of the student's week, which a button opens as a sheet where there is no room for it beside the list. */
export const WEEK_SHEET = "plan-week";
