-- AlterTable
ALTER TABLE "app_user" ADD COLUMN     "ended_by_office" BOOLEAN NOT NULL DEFAULT false;
