import { getPreferencesOperation, savePreferencesOperation } from "@/lib/notification/operations";
import { getPreferences } from "@/lib/notification/queries";
import { savePreferences } from "@/lib/notification/preferences/save-preferences";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { route } from "@/lib/web/route/route";

export const GET = route(getPreferencesOperation, async ({ ctx }) => ({
  status: 200,
  body: await getPreferences(ctx),
}));

export const PUT = route(savePreferencesOperation, async ({ ctx, body }) => ({
  status: 200,
  body: await savePreferences(ctx, body),
}));

export const { POST, DELETE, PATCH, OPTIONS } = notAllowed("GET", "PUT");
