import { offlinePage } from "@/lib/web/page/plain-page";
import { requestIdOf } from "@/lib/web/server/request-id";
import { requestedLocale } from "@/messages/locale";

/** The page that the service worker keeps on the device, and shows there when there is no network. */
export function GET(request: Request): Response {
  const { html, headers } = offlinePage(
    requestIdOf(request.headers),
    requestedLocale(request.headers.get("accept-language")),
  );
  return new Response(html, { headers });
}
