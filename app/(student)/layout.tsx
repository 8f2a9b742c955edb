import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";

/** Pages for students, in the shell. */
export default function StudentLayout({ children }: { children: ReactNode }) {
  return <SignedInShell>{children}</SignedInShell>;
}
