import type { ReactNode } from "react";
import { SectionHeader } from "@/components/patterns/page-header";

/** One named part of the kit. */
export function Specimen({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mb-10">
      <SectionHeader title={title} />
      {children}
    </section>
  );
}
