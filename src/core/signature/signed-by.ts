/** Whether one of several keys signed one of several texts: clients do not agree on how a request reads, and an account has two keys. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** HMAC-SHA256. All are always tried: how long it takes does not tell which key is in use, or how the request was read. */
export function isSignedBy(
  keys: readonly Uint8Array[],
  texts: ReadonlySet<string>,
  signature: Uint8Array,
): boolean {
  let isSigned = false;
  for (const key of keys) {
    for (const text of texts) {
      const expected = createHmac("sha256", key).update(text, "utf8").digest();
      isSigned = (signature.length === expected.length && timingSafeEqual(expected, signature)) || isSigned;
    }
  }
  return isSigned;
}
