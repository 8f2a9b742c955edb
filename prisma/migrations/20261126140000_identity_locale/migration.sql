-- The language in which a school and a person are written to; a person without one has the school's. BCP 47: language,
-- script if need be, region if need be (`cs`, `pt-BR`, `zh-Hant-TW`), which is what every formatter takes.
ALTER TABLE "school" ADD COLUMN "locale" TEXT NOT NULL DEFAULT 'en',
    ADD CONSTRAINT "school_locale_check" CHECK ("locale" ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$');
ALTER TABLE "app_user" ADD COLUMN "locale" TEXT,
    ADD CONSTRAINT "app_user_locale_check" CHECK ("locale" ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$');
