-- What a course is about, as the roster says it.
ALTER TABLE "course" ADD COLUMN "description" TEXT;
