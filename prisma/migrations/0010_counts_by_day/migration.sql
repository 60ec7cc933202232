-- DropIndex
DROP INDEX "Session_endedAt_idx";

-- CreateTable
CREATE TABLE "SessionDay" (
    "day" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "started" INTEGER NOT NULL DEFAULT 0,
    "open" INTEGER NOT NULL DEFAULT 0,
    "lastEndedAt" DATETIME NOT NULL,
    "ended" INTEGER NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "EventDay" (
    "type" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "firstId" INTEGER NOT NULL,
    "lastId" INTEGER NOT NULL,

    PRIMARY KEY ("type", "day")
);

-- CreateIndex
CREATE INDEX "Session_endedAt_startedAt_idx" ON "Session"("endedAt", "startedAt");

-- schema.prisma cannot declare triggers. A migration that builds "Session" or "Event" anew has to make them again.
INSERT INTO "SessionDay" ("day", "started", "open", "lastEndedAt")
SELECT "startedAt" / 86400000, COUNT(*), COUNT(*) - COUNT("endedAt"), COALESCE(MAX("endedAt"), 0)
FROM "Session" GROUP BY 1;

INSERT INTO "SessionDay" ("day", "lastEndedAt", "ended")
SELECT "endedAt" / 86400000, 0, COUNT(*) FROM "Session" WHERE "endedAt" IS NOT NULL GROUP BY 1
ON CONFLICT ("day") DO UPDATE SET "ended" = excluded."ended";

CREATE TRIGGER "Session_day_added" AFTER INSERT ON "Session"
BEGIN
  INSERT INTO "SessionDay" ("day", "started", "open", "lastEndedAt")
  VALUES (NEW."startedAt" / 86400000, 1, NEW."endedAt" IS NULL, COALESCE(NEW."endedAt", 0))
  ON CONFLICT ("day") DO UPDATE SET "started" = "started" + 1, "open" = "open" + excluded."open",
    "lastEndedAt" = MAX("lastEndedAt", excluded."lastEndedAt");
  INSERT INTO "SessionDay" ("day", "lastEndedAt", "ended")
  SELECT NEW."endedAt" / 86400000, 0, 1 WHERE NEW."endedAt" IS NOT NULL
  ON CONFLICT ("day") DO UPDATE SET "ended" = "ended" + 1;
END;

CREATE TRIGGER "Session_day_removed" AFTER DELETE ON "Session"
BEGIN
  UPDATE "SessionDay" SET "started" = "started" - 1, "open" = "open" - (OLD."endedAt" IS NULL)
  WHERE "day" = OLD."startedAt" / 86400000;
  UPDATE "SessionDay" SET "ended" = "ended" - 1 WHERE "day" = OLD."endedAt" / 86400000;
  DELETE FROM "SessionDay" WHERE "started" = 0 AND "ended" = 0
    AND "day" IN (OLD."startedAt" / 86400000, OLD."endedAt" / 86400000);
END;

CREATE TRIGGER "Session_day_changed" AFTER UPDATE OF "startedAt", "endedAt" ON "Session"
WHEN OLD."startedAt" IS NOT NEW."startedAt" OR OLD."endedAt" IS NOT NEW."endedAt"
BEGIN
  UPDATE "SessionDay" SET "started" = "started" - 1, "open" = "open" - (OLD."endedAt" IS NULL)
  WHERE "day" = OLD."startedAt" / 86400000;
  UPDATE "SessionDay" SET "ended" = "ended" - 1 WHERE "day" = OLD."endedAt" / 86400000;
  INSERT INTO "SessionDay" ("day", "started", "open", "lastEndedAt")
  VALUES (NEW."startedAt" / 86400000, 1, NEW."endedAt" IS NULL, COALESCE(NEW."endedAt", 0))
  ON CONFLICT ("day") DO UPDATE SET "started" = "started" + 1, "open" = "open" + excluded."open",
    "lastEndedAt" = MAX("lastEndedAt", excluded."lastEndedAt");
  INSERT INTO "SessionDay" ("day", "lastEndedAt", "ended")
  SELECT NEW."endedAt" / 86400000, 0, 1 WHERE NEW."endedAt" IS NOT NULL
  ON CONFLICT ("day") DO UPDATE SET "ended" = "ended" + 1;
  DELETE FROM "SessionDay" WHERE "started" = 0 AND "ended" = 0
    AND "day" IN (OLD."startedAt" / 86400000, OLD."endedAt" / 86400000);
END;

INSERT INTO "EventDay" ("type", "day", "count", "firstId", "lastId")
SELECT "type", "at" / 86400000, COUNT(*), MIN("id"), MAX("id") FROM "Event" GROUP BY 1, 2;

CREATE TRIGGER "Event_day_added" AFTER INSERT ON "Event"
BEGIN
  INSERT INTO "EventDay" ("type", "day", "count", "firstId", "lastId")
  VALUES (NEW."type", NEW."at" / 86400000, 1, NEW."id", NEW."id")
  ON CONFLICT ("type", "day") DO UPDATE SET "count" = "count" + 1,
    "firstId" = MIN("firstId", excluded."firstId"), "lastId" = MAX("lastId", excluded."lastId");
END;

CREATE TRIGGER "Event_day_removed" AFTER DELETE ON "Event"
BEGIN
  UPDATE "EventDay" SET "count" = "count" - 1
  WHERE "type" = OLD."type" AND "day" = OLD."at" / 86400000;
  DELETE FROM "EventDay"
  WHERE "type" = OLD."type" AND "day" = OLD."at" / 86400000 AND "count" = 0;
END;

CREATE TRIGGER "Event_day_changed" AFTER UPDATE OF "type", "at" ON "Event"
WHEN OLD."type" IS NOT NEW."type" OR OLD."at" IS NOT NEW."at"
BEGIN
  UPDATE "EventDay" SET "count" = "count" - 1
  WHERE "type" = OLD."type" AND "day" = OLD."at" / 86400000;
  INSERT INTO "EventDay" ("type", "day", "count", "firstId", "lastId")
  VALUES (NEW."type", NEW."at" / 86400000, 1, NEW."id", NEW."id")
  ON CONFLICT ("type", "day") DO UPDATE SET "count" = "count" + 1,
    "firstId" = MIN("firstId", excluded."firstId"), "lastId" = MAX("lastId", excluded."lastId");
  DELETE FROM "EventDay"
  WHERE "type" = OLD."type" AND "day" = OLD."at" / 86400000 AND "count" = 0;
END;
