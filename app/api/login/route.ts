import { loginOperation } from "@/lib/identity/operations";
import { tokenPair } from "@/lib/identity/schema";
import { signIn } from "@/lib/identity/sessions/sign-in";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const POST = route(loginOperation, async ({ ctx, body }) => {
  const { tokens, user } = await signIn(ctx, body);
  return { status: 200, body: { ...tokenPair.parse(tokens), user } };
});

export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");
