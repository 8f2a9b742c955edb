import { useTranslations } from "next-intl";
import { Alert } from "@/components/ui/alert";

const ANSWERS = ["ended", "reopened", "roles", "session", "sessions", "factor", "failed"] as const;

/** What became of the form that was sent. */
export function Answer({ answer }: { answer: string | null }) {
  const t = useTranslations("people.person.done");
  const known = ANSWERS.find((name) => name === answer);
  if (known === undefined) return null;
  return (
    <Alert
      tone={known === "failed" ? "error" : "success"}
      role={known === "failed" ? "alert" : "status"}
      className="mb-3"
    >
      {t(known)}
    </Alert>
  );
}
