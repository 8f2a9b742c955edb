import { getTranslations } from "next-intl/server";
import { Skeleton } from "@/components/ui/skeleton";
import { VisuallyHidden } from "@/components/ui/visually-hidden";

/** Body of a `loading.tsx`: title and rows in the size of what comes, so that nothing jumps. */
export async function PageSkeleton({ rows = 6, tall = false }: { rows?: number; tall?: boolean }) {
  const t = await getTranslations("ui");
  return (
    <div role="status">
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton className="mb-2 h-4 w-32" />
      <Skeleton className="mb-6 h-9 w-64 max-w-full" />
      <div className="grid gap-px overflow-hidden rounded-lg border border-border bg-border">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className={`flex items-center gap-4 bg-surface px-4 ${tall ? "h-20" : "h-11"}`}>
            <Skeleton className="h-4 w-2/5" />
            <Skeleton className="ms-auto h-4 w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
