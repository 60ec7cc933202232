-- Renames only: every row stays.
DROP INDEX "Counter_publicKey_idx";
ALTER TABLE "Counter" RENAME TO "Peer";
ALTER TABLE "Peer" RENAME COLUMN "cut" TO "removedByUs";
CREATE INDEX "Peer_publicKey_idx" ON "Peer"("publicKey");
ALTER TABLE "User" RENAME COLUMN "captured" TO "presharedKeyKnown";
ALTER TABLE "User" RENAME COLUMN "declaration" TO "revision";
ALTER TABLE "User" RENAME COLUMN "takenOff" TO "removedByUs";
