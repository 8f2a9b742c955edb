-- News about classes that are cancelled or moved, and about days without school.
ALTER TYPE "NotificationCategory" ADD VALUE 'CLASS_CHANGE';
