import { metadataFor, PageFor } from "@/app/_shell/page-for";

export const generateMetadata = () => metadataFor("GUARDIAN");

/** In the place of a page for guardians that this person does not have. */
export default function FamilyNotFound() {
  return <PageFor role="GUARDIAN" />;
}
