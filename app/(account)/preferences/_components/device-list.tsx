import { MonitorSmartphone } from "@/components/ui/icon";
import { getLocale, getTranslations } from "next-intl/server";
import { momentIn } from "@/components/notification/moments";
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
  const [t, locale] = await Promise.all([getTranslations("notifications.devices"), getLocale()]);
  const moment = (iso: string) => momentIn(iso, timeZone, locale);
  return (
    <section aria-labelledby="devices" className="scroll-mt-8">
      <SectionHeader id="devices" title={t("title")} />
      {removed ? (
        <Alert tone="success" role="status" className="mb-3">
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
                    {device.lastAcceptedAt === null
                      ? t("since", { added: moment(device.createdAt) })
                      : t("sinceAndLast", { added: moment(device.createdAt), last: moment(device.lastAcceptedAt) })}
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
