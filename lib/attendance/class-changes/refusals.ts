import { AppError } from "@/lib/shared/errors";
import { locked } from "./change";
import { say } from "@/lib/shared/say";

/** The class would be held on a day without school. */
export function noSchool(title: string | null): AppError {
  return locked("DAY_OFF", title === null ? say("detail.noSchool") : say("detail.noSchoolNamed", { title }));
}

/** The class would overlap another one of its section. */
export function overlaps(classSessionId: string): AppError {
  return new AppError("class_session_overlap", {
    detail: say("detail.otherTime"),
    extra: { classSessionId },
  });
}
