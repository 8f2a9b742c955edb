import type { NextRequest } from "next/server";
import { endWithDevice } from "@/app/api/_end-with-device";
import { authJs } from "@/lib/web/session/auth-js-route";
import { notAllowed } from "@/lib/web/route/method-not-allowed";

export { authJs as GET };

export const POST: typeof authJs = async (request: NextRequest, segment) => {
  const answer = () => authJs(request, segment);
  const [action] = (await segment.params).nextauth;
  return action === "signout" ? endWithDevice(request, answer) : answer();
};

export const { PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET", "POST");
