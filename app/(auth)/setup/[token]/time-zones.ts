/** The IANA zones of this runtime by region, both in the order of the alphabet; UTC stands last. */
export function timeZonesByRegion(): { region: string; zones: string[] }[] {
  const zones = Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/") && !zone.startsWith("Etc/"));
  const byRegion = Map.groupBy(zones, (zone) => zone.slice(0, zone.indexOf("/")));
  return [...[...byRegion].map(([region, all]) => ({ region, zones: all })), { region: "UTC", zones: ["UTC"] }];
}
