import { authJs } from "@/lib/web/auth-js-route";
import { notAllowed } from "@/lib/web/method-not-allowed";

export { authJs as GET, authJs as POST };

export const { PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET", "POST");
