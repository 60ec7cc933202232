-- CreateTable
CREATE TABLE "DeletedKey" (
    "publicKey" TEXT NOT NULL PRIMARY KEY,
    "deletedAt" DATETIME NOT NULL
);

-- Every peer that was seen has a user, unless that user was deleted.
INSERT INTO "DeletedKey" ("publicKey", "deletedAt")
SELECT DISTINCT c."publicKey", unixepoch() * 1000 FROM "Counter" AS c
WHERE NOT EXISTS (SELECT 1 FROM "User" AS u WHERE u."publicKey" = c."publicKey");
