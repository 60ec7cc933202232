-- CreateTable
CREATE TABLE "Login" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tokenHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "address" TEXT
);

-- CreateIndex
CREATE UNIQUE INDEX "Login_hash_key" ON "Login"("hash");

-- CreateIndex
CREATE INDEX "Login_tokenHash_idx" ON "Login"("tokenHash");
