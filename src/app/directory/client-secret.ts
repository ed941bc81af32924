/**
 * An application's secrets: checking one that a client presents, adding and removing them. A generated secret has 256 random
 * bits, so one SHA-256 protects it as well as a slow hash would. The clear text is given out once and kept nowhere.
 */
import { hash, timingSafeEqual } from "node:crypto";
import {
  type ApplicationSecretRow,
  applicationSecretDelete,
  applicationSecretInsert,
  applicationSecrets,
} from "../../store/applications.ts";
import { randomSecret } from "../secrets/random-secret.ts";
import type { Client, Directory } from "./directory.ts";

export type SecretCheck = "ok" | "expired" | "wrong";

const SECRET_BYTES = 32;
/** The length of the beginning that is stored to tell secrets apart in a list, as Graph's `hint` shows it. */
const HINT_CHARACTERS = 3;

export const generateSecret = (): string => randomSecret(SECRET_BYTES);

const digest = (secret: string): Buffer => hash("sha256", secret, "buffer");

/**
 * Compares with every secret of the client, in time that does not depend on what is alike.
 * @param now epoch milliseconds
 */
export function checkSecret(client: Client, presented: string, now: number): SecretCheck {
  const presentedHash = digest(presented);
  let result: SecretCheck = "wrong";
  for (const secret of client.secrets) {
    if (!timingSafeEqual(secret.hash, presentedHash)) continue;
    if (now >= secret.startAt && now < secret.endAt) result = "ok";
    else if (result === "wrong") result = "expired";
  }
  return result;
}

export interface NewSecret {
  readonly keyId: string;
  readonly secret: string;
  readonly displayName: string | null;
  readonly startAt: number;
  /** Null when it never ends. */
  readonly endAt: number | null;
}

export async function secretAdd(directory: Directory, appId: string, secret: NewSecret): Promise<void> {
  await directory.grow((c) => applicationSecretInsert.run(c, secretRow(appId, secret)));
}

export function secretRow(appId: string, { keyId, secret, displayName, startAt, endAt }: NewSecret) {
  return {
    key_id: keyId,
    app_id: appId,
    hash: digest(secret).toString("hex"),
    hint: secret.slice(0, HINT_CHARACTERS),
    display_name: displayName,
    start_at: startAt,
    end_at: endAt,
  };
}

/** @returns whether there was such a secret */
export async function secretRemove(directory: Directory, appId: string, keyId: string): Promise<boolean> {
  return (
    (await directory.change((c) => applicationSecretDelete.run(c, { app_id: appId, key_id: keyId }))) > 0
  );
}

/** What a list shows: everything but the secret. */
export interface SecretRecord {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly hint: string;
  readonly startAt: number;
  readonly endAt: number | null;
}

export async function secretList(directory: Directory, appId: string): Promise<SecretRecord[]> {
  return (await applicationSecrets.all(directory.read, { app_id: appId })).map(secretRecord);
}

function secretRecord(row: ApplicationSecretRow): SecretRecord {
  const { key_id, display_name, hint, start_at, end_at } = row;
  return { keyId: key_id, displayName: display_name, hint, startAt: start_at, endAt: end_at };
}
