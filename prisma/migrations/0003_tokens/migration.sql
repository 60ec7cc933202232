-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Token" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "createdBy" TEXT NOT NULL DEFAULT 'cli',
    "expiresAt" DATETIME,
    "allowedFrom" TEXT,
    "lastUsedAt" DATETIME,
    "revokedAt" DATETIME
);
INSERT INTO "new_Token" ("createdAt", "expiresAt", "hash", "id", "lastUsedAt", "name", "revokedAt", "role") SELECT "createdAt", "expiresAt", "hash", "id", "lastUsedAt", "name", "revokedAt", "role" FROM "Token";
DROP TABLE "Token";
ALTER TABLE "new_Token" RENAME TO "Token";
CREATE UNIQUE INDEX "Token_name_key" ON "Token"("name");
CREATE UNIQUE INDEX "Token_hash_key" ON "Token"("hash");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
