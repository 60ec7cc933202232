-- Their rows are moved in parts after the migrations, and these tables are dropped then.
ALTER TABLE "Traffic" RENAME TO "OldTraffic";
ALTER TABLE "TrafficTotal" RENAME TO "OldTrafficTotal";

-- WITHOUT ROWID, which schema.prisma cannot declare, keeps each row once, in the order of its key.
CREATE TABLE "TrafficQuarter" (
    "userId" INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("userId", "start")
) WITHOUT ROWID;

CREATE TABLE "TrafficHour" (
    "userId" INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("userId", "start")
) WITHOUT ROWID;

CREATE TABLE "TrafficDay" (
    "userId" INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "rx" BIGINT NOT NULL,
    "tx" BIGINT NOT NULL,
    "estimated" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("userId", "start", "end")
) WITHOUT ROWID;

ALTER TABLE "User" ADD COLUMN "quarter" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "User" ADD COLUMN "quarterRx" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "User" ADD COLUMN "quarterTx" BIGINT NOT NULL DEFAULT 0;
