/** First stage: the data folder, the one clock, and what is stored; nothing that others reach. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Directory } from "../app/directory/directory.ts";
import { openSigningKeys, type SigningKeys } from "../app/directory/signing-keys.ts";
import { ensureFirstPartyPrincipals } from "../app/directory/tenant.ts";
import { openSealing, type Sealing } from "../app/secrets/sealing.ts";
import { firstStart } from "../app/seed/first-start.ts";
import { lockFolder } from "../store/engine/folder-lock.ts";
import { openSqliteStore } from "../store/engine/sqlite-store.ts";
import type { Store } from "../store/engine/store.ts";
import { Clock } from "./clock.ts";
import { StartError } from "./service-options.ts";
import type { Stage } from "./stage.ts";

export interface State {
  /** Absolute. */
  readonly folder: string;
  readonly clock: Clock;
  readonly sealing: Sealing;
  readonly store: Store;
  readonly directory: Directory;
  readonly keys: SigningKeys;
}

/** @throws StartError when another service runs on the folder */
export async function openState({ options, undo }: Stage): Promise<State> {
  const clock = new Clock(options.clock ?? Date.now);
  const folder = resolve(options.dataFolder);
  mkdirSync(join(folder, "agent"), { recursive: true, mode: 0o700 });
  const lock = lockFolder(join(folder, "lock"));
  if (!lock)
    throw new StartError(
      `another service is running on ${folder}; stop it with: batchyard stop --data ${folder}`,
    );
  undo.push(() => lock.release());

  const sealing = openSealing(join(folder, "seal.key"));
  const store = await openSqliteStore(join(folder, "state.db"));
  undo.push(() => store.close());
  const directory = new Directory(store);
  // Making the signing key and hashing the password take longest; both run in other threads.
  const [keys] = await Promise.all([
    openSigningKeys(store, sealing, clock.now),
    firstStart({ store, directory, sealing, folder, seedFile: options.seedFile, now: clock.now() }),
  ]);
  await ensureFirstPartyPrincipals(directory, clock.now());
  return { folder, clock, sealing, store, directory, keys };
}
