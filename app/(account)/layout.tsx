import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";

/** Pages that everybody signed in has, in the shell. */
export default function AccountLayout({ children }: { children: ReactNode }) {
  return <SignedInShell>{children}</SignedInShell>;
}
