-- AlterTable
ALTER TABLE "User" ADD COLUMN "requestedBy" TEXT;
