"use client";

import { Button } from "@/components/ui/button";
import { echo } from "@/components/ui/toast";

/** Tries the toast. */
export function EchoButton() {
  return (
    <Button variant="quiet" onClick={() => echo("Saved 10:07")}>
      Echo a save
    </Button>
  );
}
