-- An enrollment of the office whose first day is still to come: on no list and without a seat until then. A migration of
-- its own, because a new value cannot be used in the transaction that makes it.
ALTER TYPE "EnrollmentStatus" ADD VALUE 'PLANNED';
