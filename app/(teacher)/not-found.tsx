import { metadataFor, PageFor } from "@/app/_shell/page-for";

export const generateMetadata = () => metadataFor("TEACHER");

/** In the place of a page for teachers that this person does not have. */
export default function TeacherNotFound() {
  return <PageFor role="TEACHER" />;
}
