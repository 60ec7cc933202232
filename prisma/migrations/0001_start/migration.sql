-- CreateTable
CREATE TABLE "User" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "publicKey" TEXT NOT NULL,
    "nickname" TEXT NOT NULL DEFAULT '',
    "mail" TEXT NOT NULL DEFAULT '',
    "phone" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "interface" TEXT,
    "allowedIps" TEXT,
    "persistentKeepaliveSeconds" INTEGER,
    "presharedKey" TEXT,
    "managed" BOOLEAN NOT NULL DEFAULT false,
    "registeredAt" DATETIME,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "online" BOOLEAN NOT NULL DEFAULT false,
    "endpoint" TEXT,
    "lastSeenAt" DATETIME,
    "bandwidthLimit" INTEGER NOT NULL DEFAULT 0,
    "dataLimit" INTEGER NOT NULL DEFAULT 0,
    "expiresAt" DATETIME,
    "quotaPeriod" TEXT NOT NULL DEFAULT 'NONE',
    "quotaMarkRx" BIGINT NOT NULL DEFAULT 0,
    "quotaMarkTx" BIGINT NOT NULL DEFAULT 0,
    "quotaMarkAt" DATETIME NOT NULL,
    "quotaWarned" BOOLEAN NOT NULL DEFAULT false,
    "cutReason" TEXT,
    "takenOff" BOOLEAN NOT NULL DEFAULT false,
    "kickRequested" BOOLEAN NOT NULL DEFAULT false,
    "missing" BOOLEAN NOT NULL DEFAULT false,
    "configPending" BOOLEAN NOT NULL DEFAULT false,
    "declaration" INTEGER NOT NULL DEFAULT 0,
    "captured" BOOLEAN NOT NULL DEFAULT false,
    "applied" TEXT NOT NULL DEFAULT 'UNKNOWN',
    "appliedAt" DATETIME,
    "enforcementError" TEXT,
    "rx" BIGINT NOT NULL DEFAULT 0,
    "tx" BIGINT NOT NULL DEFAULT 0,
    "offsetRx" BIGINT NOT NULL DEFAULT 0,
    "offsetTx" BIGINT NOT NULL DEFAULT 0,
    "latestSessionId" INTEGER,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "User_latestSessionId_fkey" FOREIGN KEY ("latestSessionId") REFERENCES "Session" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Interface" (
    "node" TEXT NOT NULL DEFAULT 'local',
    "name" TEXT NOT NULL,
    "publicKey" TEXT,
    "listenPort" INTEGER,
    "generation" TEXT NOT NULL,
    "up" BOOLEAN NOT NULL DEFAULT true,
    "firstSeenAt" DATETIME NOT NULL,
    "lastReadAt" DATETIME NOT NULL,

    PRIMARY KEY ("node", "name")
);

-- CreateTable
CREATE TABLE "Counter" (
    "node" TEXT NOT NULL DEFAULT 'local',
    "interface" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "handshake" BIGINT NOT NULL,
    "endpoint" TEXT,
    "allowedIps" TEXT,
    "persistentKeepaliveSeconds" INTEGER,
    "cut" BOOLEAN NOT NULL DEFAULT false,
    "present" BOOLEAN NOT NULL DEFAULT true,

    PRIMARY KEY ("node", "interface", "publicKey")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "userId" INTEGER NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "lastSeenAt" DATETIME NOT NULL,
    "endpoint" TEXT,
    "rx" BIGINT NOT NULL DEFAULT 0,
    "tx" BIGINT NOT NULL DEFAULT 0,
    "endReason" TEXT,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Traffic" (
    "userId" INTEGER NOT NULL,
    "start" DATETIME NOT NULL,
    "end" DATETIME NOT NULL,
    "bucket" TEXT NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("userId", "start", "end")
);

-- CreateTable
CREATE TABLE "TrafficTotal" (
    "start" DATETIME NOT NULL,
    "end" DATETIME NOT NULL,
    "bucket" TEXT NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("start", "end")
);

-- CreateTable
CREATE TABLE "Event" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "type" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "userId" INTEGER,
    "sessionId" INTEGER,
    "interface" TEXT,
    "endpoint" TEXT,
    "reason" TEXT,
    "actor" TEXT
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "userId" INTEGER,
    "detail" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Token" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "revokedAt" DATETIME
);

-- CreateTable
CREATE TABLE "Meta" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "User_publicKey_key" ON "User"("publicKey");

-- CreateIndex
CREATE UNIQUE INDEX "User_latestSessionId_key" ON "User"("latestSessionId");

-- CreateIndex
CREATE INDEX "User_online_idx" ON "User"("online");

-- CreateIndex
CREATE INDEX "Counter_publicKey_idx" ON "Counter"("publicKey");

-- CreateIndex
CREATE INDEX "Session_userId_startedAt_idx" ON "Session"("userId", "startedAt");

-- CreateIndex
CREATE INDEX "Session_startedAt_idx" ON "Session"("startedAt");

-- CreateIndex
CREATE INDEX "Session_endedAt_idx" ON "Session"("endedAt");

-- CreateIndex
CREATE INDEX "Traffic_bucket_start_idx" ON "Traffic"("bucket", "start");

-- CreateIndex
CREATE INDEX "TrafficTotal_bucket_start_idx" ON "TrafficTotal"("bucket", "start");

-- CreateIndex
CREATE INDEX "Event_userId_id_idx" ON "Event"("userId", "id");

-- CreateIndex
CREATE INDEX "Event_at_idx" ON "Event"("at");

-- CreateIndex
CREATE INDEX "AuditEntry_userId_idx" ON "AuditEntry"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Token_name_key" ON "Token"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Token_hash_key" ON "Token"("hash");

