/** Fills an empty store once, and keeps what only the first start knows: the application's secret and the user's password. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { settingGet } from "../../store/accounts.ts";
import type { Store } from "../../store/engine/store.ts";
import type { Directory } from "../directory/directory.ts";
import type { Sealing } from "../secrets/sealing.ts";
import { defaultSeed, type FirstCredentials } from "./default-seed.ts";
import { SEEDED_SETTING, seedApply } from "./seed-apply.ts";
import { parseSeedFile } from "./seed-file.ts";

const CREDENTIALS_FILE = "credentials.json";

export interface FirstStart {
  readonly store: Store;
  readonly directory: Directory;
  readonly sealing: Sealing;
  readonly folder: string;
  readonly seedFile: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** @throws SeedError naming the place in the seed file that is wrong; nothing is written then */
export async function firstStart({
  store,
  directory,
  sealing,
  folder,
  seedFile,
  now,
}: FirstStart): Promise<void> {
  if (await settingGet.first(store.read, { name: SEEDED_SETTING })) return;
  const { seed, credentials } =
    seedFile === undefined ? defaultSeed(now) : parseSeedFile(readFileSync(seedFile, "utf8"), now);
  // First the file: a secret that is in the store and nowhere else would be lost.
  await writeFile(join(folder, CREDENTIALS_FILE), `${JSON.stringify(credentials, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await seedApply(directory, sealing, seed, now);
}

/** All null when the file has been removed, as a careful user does. */
export function readCredentials(folder: string): { [Name in keyof FirstCredentials]: string | null } {
  try {
    return JSON.parse(readFileSync(join(folder, CREDENTIALS_FILE), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { clientId: null, clientSecret: null, username: null, password: null };
  }
}
