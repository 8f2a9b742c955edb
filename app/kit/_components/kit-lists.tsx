import { DataTable } from "@/components/patterns/data-table";
import { DescriptionList } from "@/components/patterns/description-list";
import { EmptyState } from "@/components/patterns/empty-state";
import { FilterBar } from "@/components/patterns/forms/filter-bar";
import { StatRow, StatTile } from "@/components/patterns/stat-tile";
import { Seats, SectionTag } from "@/components/patterns/status-tags";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/choice";
import { TextField } from "@/components/ui/input";
import { SelectField } from "@/components/ui/select";
import type { SectionState } from "@/components/ui/status-tag";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Specimen } from "./specimen";

interface Row {
  code: string;
  title: string;
  time: string;
  teacher: string;
  taken: number;
  capacity: number;
  status: SectionState;
  note?: string;
}

const rows: Row[] = [
  {
    code: "MA101.3",
    title: "Calculus 1",
    time: "Mon Wed 10:00–11:30",
    teacher: "J. Dvořák",
    taken: 27,
    capacity: 30,
    status: "OPEN",
  },
  {
    code: "PH110.2",
    title: "Mechanics",
    time: "Wed 10:00–11:30",
    teacher: "P. Malá",
    taken: 24,
    capacity: 24,
    status: "WAITLIST",
    note: "Overlaps MA101.3 on Wednesday at 10:00",
  },
  {
    code: "HI200.1",
    title: "Europe since 1945",
    time: "Fri 08:00–09:30",
    teacher: "K. Horák",
    taken: 40,
    capacity: 40,
    status: "FULL",
  },
  {
    code: "EN120.4",
    title: "Academic writing",
    time: "Tue 14:00–15:30",
    teacher: "M. Clark",
    taken: 3,
    capacity: 18,
    status: "CLOSED",
  },
];

const action = { OPEN: "Enroll", WAITLIST: "Join waitlist – 5th", FULL: "Full", CLOSED: "Closed" } as const;

/** Tables, cards, filters, figures. */
export function KitLists() {
  return (
    <>
      <Specimen title="Sections">
        <FilterBar
          action="/kit"
          label="Find a section"
          query="free=true"
          resultText="4 sections"
          clearHref="/kit"
          active={[
            { label: "Friday", hrefWithout: "/kit" },
            { label: "Free seats only", hrefWithout: "/kit" },
          ]}
        >
          <TextField name="q" type="search" label="Search" className="min-w-48 flex-1" />
          <SelectField name="day" label="Day" className="w-36">
            <option value="">Any day</option>
            <option>Friday</option>
          </SelectField>
          <Checkbox name="free" value="true" label="Free seats only" className="min-h-11 py-2.5" defaultChecked />
        </FilterBar>
        <DataTable
          caption="Sections"
          rows={rows}
          rowKey={(row) => row.code}
          note={(row) => row.note}
          empty={null}
          columns={[
            {
              key: "code",
              header: "Section",
              primary: true,
              cell: (row) => (
                <>
                  <span className="tabular">{row.code}</span> <span className="font-normal">{row.title}</span>
                </>
              ),
            },
            { key: "time", header: "Time", cell: (row) => row.time, className: "tabular whitespace-nowrap" },
            { key: "teacher", header: "Teacher", cell: (row) => row.teacher },
            {
              key: "status",
              header: "Status",
              cell: (row) => <SectionTag status={row.status} waiting={4} size="sm" />,
            },
            {
              key: "seats",
              header: "Seats",
              numeric: true,
              className: "md:w-32",
              cell: (row) => (
                <span className="max-md:w-32">
                  <Seats taken={row.taken} capacity={row.capacity} />
                </span>
              ),
            },
            {
              key: "do",
              header: "Actions",
              actions: true,
              cell: (row) => (
                <Button
                  size="sm"
                  variant={row.status === "OPEN" ? "primary" : "secondary"}
                  disabled={row.status === "FULL" || row.status === "CLOSED"}
                  className="max-md:w-full"
                >
                  {action[row.status]}
                </Button>
              ),
            },
          ]}
        />
      </Specimen>
      <Specimen title="Figures">
        <StatRow>
          <StatTile label="Accepted" value="1,204" hint="of 1,240 requests" />
          <StatTile label="Waitlisted" value="31" />
          <StatTile label="Over-filled" value="0" hint="checked 10:42:07" />
          <StatTile label="Slowest tenth" value="38 ms" />
        </StatRow>
      </Specimen>
      <Specimen title="Dense table and facts">
        <div className="grid items-start gap-6 lg:grid-cols-[2fr_1fr]">
          <Table caption="Changes of attendance" showCaption density="compact">
            <thead>
              <tr>
                <Th>When</Th>
                <Th>Who</Th>
                <Th>What</Th>
                <Th numeric>Minutes</Th>
              </tr>
            </thead>
            <tbody>
              {["10:05", "10:06", "10:12"].map((when) => (
                <Tr key={when}>
                  <Td>{when}</Td>
                  <Th scope="row">P. Malá</Th>
                  <Td>Absent to late</Td>
                  <Td numeric>12</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
          <Card>
            <DescriptionList
              items={[
                { term: "Teacher", value: "Jiří Dvořák" },
                { term: "Place", value: "B204" },
                { term: "Last day to drop", value: "Fri 5 December" },
              ]}
            />
          </Card>
        </div>
      </Specimen>
      <Specimen title="Nothing found">
        <EmptyState level={3} title="No sections match" action={<Button>Take away Friday</Button>}>
          12 sections match without <strong>Friday</strong>.
        </EmptyState>
      </Specimen>
    </>
  );
}
