-- AlterTable
ALTER TABLE "Token" ADD COLUMN "owner" TEXT;

-- AlterTable
ALTER TABLE "User" ADD COLUMN "owner" TEXT;
ALTER TABLE "User" ADD COLUMN "tags" TEXT NOT NULL DEFAULT '[]';
