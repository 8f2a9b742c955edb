import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import { TextLink } from "@/components/ui/text-link";

/** A reason against a section: <link> is about the section with the id, <when> is what a table has no room for. */
export type Reason = { words: string; sectionId: string | null };

/** The words of a reason with its link; `isShort` leaves <when> to screen readers in a table. */
export function ReasonWords({
  reason,
  list,
  isShort = false,
}: {
  reason: Reason;
  /** The list that the link goes back to. */
  list: SectionAddress;
  isShort?: boolean;
}) {
  // Text, name of the mark, what is in it, text, and so on.
  const parts = reason.words.split(/<(link|when)>(.*?)<\/\1>/);
  return parts.map((part, index) => {
    if (index % 3 === 1) return null;
    if (index % 3 === 0) return part;
    if (parts[index - 1] === "link" && reason.sectionId !== null)
      return (
        <TextLink key={index} href={sectionHref(reason.sectionId, list)}>
          {part}
        </TextLink>
      );
    return (
      <span key={index} className={isShort ? "md:sr-only min-[1440px]:not-sr-only" : undefined}>
        {part}
      </span>
    );
  });
}
