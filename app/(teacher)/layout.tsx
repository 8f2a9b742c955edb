import type { ReactNode } from "react";
import { SignedInShell } from "@/app/_shell/signed-in-shell";

/** Pages for teachers, in the shell. */
export default function TeacherLayout({ children }: { children: ReactNode }) {
  return <SignedInShell>{children}</SignedInShell>;
}
