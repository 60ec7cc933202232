-- AlterTable
ALTER TABLE "User" ADD COLUMN "quotaPeriodName" TEXT;
