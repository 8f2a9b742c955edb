import { MonitorSmartphone } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/patterns/empty-state";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { DeviceDto } from "@/lib/notification/schema";
import { removeDeviceAction } from "../actions";

/** The browsers that get this person's pushes, each with the way to end it. */
export async function DeviceList({
  devices,
  thisDevice,
  timeZone,
  removed,
}: {
  devices: readonly DeviceDto[];
  thisDevice: string | null;
  timeZone: string;
  removed: boolean;
}) {
  const [t, format] = await Promise.all([getTranslations("notifications.devices"), getFormatter()]);
  const moment = (iso: string) =>
    format.dateTime(new Date(iso), {
      timeZone,
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
  return (
    <section aria-labelledby="devices" className="scroll-mt-8">
      <SectionHeader id="devices" title={t("title")} />
      {removed ? (
        <Alert tone="success" className="mb-3">
          {t("removed")}
        </Alert>
      ) : null}
      {devices.length === 0 ? (
        <EmptyState icon={MonitorSmartphone} title={t("emptyTitle")} level={3}>
          {t("emptyBody")}
        </EmptyState>
      ) : (
        <Card padding="none">
          <ul className="divide-y divide-border">
            {devices.map((device) => (
              <li key={device.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
                <div className="grid min-w-0 gap-0.5">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {device.name}
                    {device.id === thisDevice ? <Badge tone="accent">{t("thisDevice")}</Badge> : null}
                  </p>
                  <p className="text-sm text-muted">
                    {t("added")} {moment(device.createdAt)} · {t("last")}:{" "}
                    {device.lastAcceptedAt === null ? t("never") : moment(device.lastAcceptedAt)}
                  </p>
                </div>
                <form action={removeDeviceAction}>
                  <input type="hidden" name="id" value={device.id} />
                  <input type="hidden" name="name" value={device.name} />
                  <SubmitButton variant="danger" size="sm" aria-label={t("removeLabel", { name: device.name })}>
                    {t("remove")}
                  </SubmitButton>
                </form>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </section>
  );
}
