import { Inbox, RadioTower } from "@/components/ui/icon";
import { EmptyState } from "@/components/patterns/empty-state";
import { ErrorState } from "@/components/patterns/error-state";
import { PageSkeleton } from "@/components/patterns/page-skeleton";
import { AttendanceTag, SectionTag } from "@/components/patterns/status-tags";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { StatusTag } from "@/components/ui/status-tag";
import { Specimen } from "./specimen";

const marks = ["PRESENT", "ABSENT", "LATE", "EXCUSED", null] as const;

/** Status, messages, empty, error, loading. */
export function KitStates() {
  return (
    <>
      <Specimen title="Attendance">
        <div className="flex flex-wrap gap-3">
          {marks.map((status) => (
            <AttendanceTag key={String(status)} status={status} minutesLate={status === "LATE" ? 12 : null} />
          ))}
        </div>
        <div className="mt-3 flex flex-wrap gap-3">
          {marks.slice(0, 4).map((status) => (
            <AttendanceTag key={String(status)} status={status} size="sm" isSuggested />
          ))}
        </div>
      </Specimen>
      <Specimen title="Sections and other things">
        <div className="flex flex-wrap gap-3">
          <SectionTag status="OPEN" />
          <SectionTag status="WAITLIST" waiting={4} />
          <SectionTag status="FULL" />
          <SectionTag status="CLOSED" />
          {(["good", "warning", "bad", "info", "neutral"] as const).map((tone) => (
            <StatusTag key={tone} tone={tone} icon={RadioTower}>
              {tone}
            </StatusTag>
          ))}
        </div>
        <Progress value={41} max={61} label="Rows read" className="mt-4 max-w-form" />
      </Specimen>
      <Specimen title="Messages">
        <div className="grid max-w-reading gap-3">
          <Alert title="Opens Wednesday 3 December at 09:00">In 12 minutes. This page opens by itself.</Alert>
          <Alert tone="success" title="Finished 10:08">
            Parents are told at 10:13.
          </Alert>
          <Alert tone="warning" title="On this device only" actions={<Button size="sm">Send now</Button>}>
            3 marks are waiting for a connection.
          </Alert>
          <Alert tone="error" title="Not saved: 2 need your decision">
            P. Malá marked the same students differently.
          </Alert>
        </div>
      </Specimen>
      <Specimen title="Empty, error, loading">
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <EmptyState icon={Inbox} level={3} title="Nothing yet">
            Missed classes appear here.
          </EmptyState>
          <ErrorState
            title="Seats could not be refreshed"
            kept="You see the seats of 10:42. Your plan is kept."
            actions={<Button variant="primary">Try again</Button>}
            reference="Reference 01JD3K9V"
          />
        </div>
        <div className="mt-6">
          <PageSkeleton rows={3} />
        </div>
      </Specimen>
    </>
  );
}
