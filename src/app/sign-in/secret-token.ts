/** The opaque values that sign-in hands out: 256 random bits, of which only the SHA-256 is ever stored. */
import { hash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

export const newSecretToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export const secretTokenHash = (token: string): string => hash("sha256", token, "base64url");
