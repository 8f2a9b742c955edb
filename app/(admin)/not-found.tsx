import { metadataFor, PageFor } from "@/app/_shell/page-for";

export const generateMetadata = () => metadataFor("ADMIN");

/** In the place of a page for the office that this person does not have. */
export default function AdminNotFound() {
  return <PageFor role="ADMIN" />;
}
