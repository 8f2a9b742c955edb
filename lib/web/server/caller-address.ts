import type http from "node:http";
import net from "node:net";
import { env } from "@/lib/platform/runtime/env";
import { singleton } from "@/lib/platform/runtime/singleton";

/** Request header in which our HTTP server tells what is behind it the caller's address; a caller's own is replaced. */
export const ADDRESS_HEADER = "x-campus-address";

/** The caller's address as our HTTP server found it, for the audit; null where it is not known. */
export function callerAddress(headers: Headers): string | null {
  const address = headers.get(ADDRESS_HEADER);
  return address !== null && net.isIP(address) !== 0 ? address : null;
}

/**
 * The address that a request comes from: that of its connection, and behind proxies of TRUSTED_PROXIES the last address
 * in `X-Forwarded-For` that is none of them. What others say there is worth nothing, because anybody can.
 */
export function addressOf({ socket, headers }: Pick<http.IncomingMessage, "socket" | "headers">): string {
  let address = plain(socket.remoteAddress ?? "");
  const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  while (isTrusted(address)) {
    const before = plain(forwarded.pop()?.trim() ?? "");
    if (net.isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** An IPv4 address that came in by IPv6 is written as what it is. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function isTrusted(address: string): boolean {
  const family = net.isIP(address);
  return family !== 0 && trusted().check(address, family === 6 ? "ipv6" : "ipv4");
}

function trusted(): net.BlockList {
  return singleton("trustedProxies", () => {
    const list = new net.BlockList();
    for (const each of env().TRUSTED_PROXIES) {
      const [address = "", bits] = each.split("/");
      const family = net.isIPv6(address) ? "ipv6" : "ipv4";
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    }
    return list;
  });
}
