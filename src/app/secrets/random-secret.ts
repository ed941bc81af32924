/** Secrets that people type after an option. */
import { randomBytes } from "node:crypto";

/** Random bytes as base64url. It never begins with a hyphen: `az login --password -x` takes that for another option. */
export function randomSecret(bytes: number): string {
  for (;;) {
    const secret = randomBytes(bytes).toString("base64url");
    if (!secret.startsWith("-")) return secret;
  }
}
