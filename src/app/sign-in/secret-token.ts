/** The opaque values that sign-in hands out: 256 random bits, of which only the SHA-256 is ever stored. */
import { hash, randomBytes } from "node:crypto";
import { aadsts } from "./aadsts.ts";

const TOKEN_BYTES = 32;

export const newSecretToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export const secretTokenHash = (token: string): string => hash("sha256", token, "base64url");

const SECRET_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A code or refresh token that cannot be one of ours, whosever it is. @throws Fault 9002313 */
export function checkSecretToken(token: string): void {
  if (!SECRET_TOKEN.test(token)) throw aadsts(9002313, { reason: "the grant is none that was issued here." });
}
