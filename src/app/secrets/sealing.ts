/**
 * Seals what must be stored and read back in clear (signing keys, account keys) with the installation's own key: a copied
 * database alone reveals nothing. Owns the key file's format and the sealed text's; it keeps no secret but that key.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export interface Sealing {
  /** @param purpose what the secret is, e.g. `signing_key/<kid>`; a sealed text opens only for the purpose it was made for */
  seal(secret: Uint8Array, purpose: string): string;
  /** @throws SealBroken */
  unseal(sealed: string, purpose: string): Buffer;
}

/** The text was not sealed with this key, not for this purpose, or has been changed. */
export class SealBroken extends Error {}

const KEY_BYTES = 32;
/** NIST SP 800-38D section 8.2.2: 96 random bits serve for 2^32 texts under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1.";

/** Reads the key from `file`, making it (mode 0600) when there is none; the caller alone uses the folder. @throws Error when the file holds something else */
export function openSealing(file: string): Sealing {
  const key = readKey(file);
  return {
    seal(secret, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const text = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return VERSION + text.toString("base64url");
    },
    unseal(sealed, purpose) {
      const text = Buffer.from(sealed.slice(VERSION.length), "base64url");
      if (!sealed.startsWith(VERSION) || text.length < NONCE_BYTES + TAG_BYTES) {
        throw new SealBroken(`${purpose} is not a sealed secret`);
      }
      const decipher = createDecipheriv("aes-256-gcm", key, text.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(text.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(text.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new SealBroken(`${purpose} does not open with this installation's seal key`, { cause });
      }
    },
  };
}

function readKey(file: string): Buffer {
  if (!existsSync(file)) {
    // On disk as a whole before anything is sealed with it, whenever the process or the machine dies.
    const draft = `${file}.new`;
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600, flush: true });
    renameSync(draft, file);
  }
  const key = Buffer.from(readFileSync(file, "utf8"), "base64");
  if (key.length !== KEY_BYTES) throw new Error(`${file} is not a seal key`);
  return key;
}
