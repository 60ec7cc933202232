-- AlterTable
ALTER TABLE "Counter" ADD COLUMN "presharedKey" TEXT;

-- Until now a user had one key for all its interfaces.
UPDATE "Counter" SET "presharedKey" =
  (SELECT u."presharedKey" FROM "User" AS u WHERE u."publicKey" = "Counter"."publicKey");
