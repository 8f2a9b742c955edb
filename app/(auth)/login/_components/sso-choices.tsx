import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";

const SSO_ERRORS = ["sso_failed", "sso_unverified", "sso_domain", "sso_unknown", "sso_other"] as const;
/** What Auth.js calls a sign-in elsewhere that came to nothing. */
const FAILED = ["OAuthSignin", "OAuthCallback", "Callback", "AccessDenied", "Configuration"];

/** The sentence for an error of the address. */
export function errorKey(error: unknown): (typeof SSO_ERRORS)[number] | "wrong" {
  if (typeof error === "string" && FAILED.includes(error)) return "sso_failed";
  return SSO_ERRORS.find((known) => known === error) ?? "wrong";
}

/** A button for each place where people can sign in instead, before the form; nothing where there is none. */
export async function SsoChoices({
  choices,
  from,
  withPasswords,
}: {
  choices: readonly { id: string; name: string }[];
  from: string | null;
  withPasswords: boolean;
}) {
  if (choices.length === 0) return null;
  const t = await getTranslations("auth.signIn");
  return (
    <div className="grid gap-3">
      {choices.map(({ id, name }) => (
        <form key={id} method="post" action={`/api/auth/signin/${id}`}>
          {from === null ? null : <input type="hidden" name="from" value={from} />}
          <Button type="submit" variant={withPasswords ? "secondary" : "primary"} size="lg" block>
            {t("sso", { name })}
          </Button>
        </form>
      ))}
      <p className="mt-3 text-muted">{withPasswords ? t("ssoOr") : t("ssoOnly")}</p>
    </div>
  );
}
