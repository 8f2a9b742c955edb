-- Who must have a second factor is the school's setting; existing schools ask nobody.
ALTER TABLE "school" ADD COLUMN "factor_roles" "Role"[] NOT NULL DEFAULT ARRAY[]::"Role"[];
ALTER TABLE "school" ADD COLUMN "factor_grace_days" INTEGER NOT NULL DEFAULT 14;
ALTER TABLE "school" ADD CONSTRAINT "school_factor_grace_check" CHECK ("factor_grace_days" BETWEEN 0 AND 90);
ALTER TABLE "app_user" ADD COLUMN "factor_asked_at" TIMESTAMPTZ(6);
