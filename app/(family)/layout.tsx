import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";

/** Pages for guardians, in the shell. */
export default function FamilyLayout({ children }: { children: ReactNode }) {
  return <SignedInShell>{children}</SignedInShell>;
}
