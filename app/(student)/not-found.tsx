import { metadataFor, PageFor } from "@/app/_shell/page-for";

export const generateMetadata = () => metadataFor("STUDENT");

/** In the place of a page for students that this person does not have. */
export default function StudentNotFound() {
  return <PageFor role="STUDENT" />;
}
