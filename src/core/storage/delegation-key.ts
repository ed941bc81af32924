/** The value of a user delegation key: what its holder signs a SAS with. Source: "Get User Delegation Key". */
import { createHmac } from "node:crypto";

/** @param signed object id, tenant id, start, expiry and version, as the SAS carries them. @returns base64 */
export function delegationKeyValue(secret: Uint8Array, signed: readonly string[]): string {
  return createHmac("sha256", secret).update(signed.join("\n"), "utf8").digest("base64");
}
