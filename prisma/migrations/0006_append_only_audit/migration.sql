-- schema.prisma cannot declare triggers. A migration that builds "AuditEntry" anew has to make them again.
CREATE TRIGGER "AuditEntry_unchanged" BEFORE UPDATE ON "AuditEntry"
BEGIN
  SELECT RAISE(ABORT, 'The audit log is append-only.');
END;

CREATE TRIGGER "AuditEntry_undeleted" BEFORE DELETE ON "AuditEntry"
BEGIN
  SELECT RAISE(ABORT, 'The audit log is append-only.');
END;

-- INSERT OR REPLACE deletes without a word to the trigger above.
CREATE TRIGGER "AuditEntry_unreplaced" BEFORE INSERT ON "AuditEntry"
WHEN EXISTS (SELECT 1 FROM "AuditEntry" WHERE "id" = NEW."id")
BEGIN
  SELECT RAISE(ABORT, 'The audit log is append-only.');
END;
