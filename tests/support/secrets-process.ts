// Prints the secrets of a data folder (hashed where they are secret); several of these are started at once by a test.
import { createHash } from "node:crypto";
import { nextAuthSecret, signingKey, vapidKeys } from "@/lib/platform/runtime/secrets";

const digest = createHash("sha256").update(nextAuthSecret()).digest("hex");
process.stdout.write(JSON.stringify([signingKey().kid, digest, vapidKeys().publicKey]));
