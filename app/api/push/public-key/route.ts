import { pushPublicKeyOperation } from "@/lib/notification/operations";
import { pushPublicKey } from "@/lib/notification/queries";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(pushPublicKeyOperation, async () => ({ status: 200, body: { publicKey: pushPublicKey() } }));

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
