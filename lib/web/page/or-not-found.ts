import { notFound } from "next/navigation";
import { AppError } from "@/lib/shared/errors";

/** For `.catch()` on a query of a page: what answers 404 is a page that does not exist; other errors stay errors. */
export function orNotFound(error: unknown): never {
  if (error instanceof AppError && error.status === 404) notFound();
  throw error;
}
