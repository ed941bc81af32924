/**
 * When the user behind a token signed in, told by the claim `aio`, which is the token service's own and opaque to everyone else ("Access token
 * claims reference"). Who makes a token from a token asks it: what was revoked since must not come back as something newer.
 */

const VERSION = 1;
const LENGTH = 16;

/** @param authAt epoch milliseconds */
export function signInInstantClaim(authAt: number): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUIntBE(Math.max(0, Math.floor(authAt)), 1, 6);
  return bytes.toString("base64url");
}

/** @returns epoch milliseconds; undefined where the claim is none of ours */
export function signInInstantOf(claim: unknown): number | undefined {
  if (typeof claim !== "string") return undefined;
  const bytes = Buffer.from(claim, "base64url");
  if (bytes.length !== LENGTH || bytes[0] !== VERSION) return undefined;
  return bytes.readUIntBE(1, 6);
}
