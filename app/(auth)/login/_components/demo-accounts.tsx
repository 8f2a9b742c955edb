import { getTranslations } from "next-intl/server";
import { SubmitButton } from "@/components/ui/submit-button";
import type { DemoAccount } from "@/lib/identity/people/demo-accounts";
import { signInAsDemoAction } from "../actions";

/** One button for each demo account; nothing where there are none. */
export async function DemoAccounts({ accounts, from }: { accounts: readonly DemoAccount[]; from: string | null }) {
  if (accounts.length === 0) return null;
  const t = await getTranslations("auth.demo");
  return (
    <section aria-labelledby="demo" className="grid gap-3 border-t border-border pt-6">
      <div>
        <h2 id="demo" className="text-lg">
          {t("title")}
        </h2>
        <p className="text-sm text-muted">{t("intro")}</p>
      </div>
      <ul className="grid grid-cols-2 gap-2">
        {accounts.map(({ role, name }) => (
          <li key={role}>
            <form action={signInAsDemoAction}>
              <input type="hidden" name="role" value={role} />
              {from === null ? null : <input type="hidden" name="from" value={from} />}
              <SubmitButton variant="secondary" block title={t("signInAs", { name })}>
                {t(`role.${role}`)}
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
