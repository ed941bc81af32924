/** Signs requests to the Blob service by an account's key, as its clients do. */
import { createHmac } from "node:crypto";
import { type SignedStorageRequest, sharedKeyText } from "../../../src/core/storage/shared-key.ts";

/** The value of the Authorization header. */
export function storageSharedKey(account: string, key: Uint8Array, request: SignedStorageRequest): string {
  const text = sharedKeyText("sharedkey", account, request);
  return `SharedKey ${account}:${createHmac("sha256", key).update(text, "utf8").digest("base64")}`;
}
