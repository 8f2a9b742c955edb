-- The log of the school is not deleted by a defect or a stolen statement: only what is older than a year goes, and only where the
-- archive says that it has it on disk (lib/platform/db/audit-archive.ts).
CREATE FUNCTION "refuse_audit_delete"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' OR coalesce(current_setting('campus.audit_is_archived', true), '') <> 'on'
    OR OLD.at > statement_timestamp() - interval '1 year' THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER "audit_entry_not_deleted" BEFORE DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION "refuse_audit_delete"();
CREATE TRIGGER "audit_entry_not_truncated" BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_delete"();
