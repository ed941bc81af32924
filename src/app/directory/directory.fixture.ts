/** A directory on a store of its own, with one tenant and one application. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenRequest } from "../../core/token/access-token-claims.ts";
import { NO_MEMBERSHIPS } from "../../core/token/membership-claims.ts";
import { openSqliteStore } from "../../store/engine/sqlite-store.ts";
import type { Store } from "../../store/engine/store.ts";
import { openSealing, type Sealing } from "../secrets/sealing.ts";
import { Directory } from "./directory.ts";
import { type DirectorySeed, seedDirectory } from "./seed.ts";

export const TENANT_ID = "11111111-1111-4111-8111-111111111111";
export const APP_ID = "22222222-2222-4222-8222-222222222222";
export const SERVICE_PRINCIPAL_ID = "33333333-3333-4333-8333-333333333333";
export const START = Date.UTC(2026, 0, 1);

/** What a request for a token tells of itself. */
export const TOKEN_REQUEST: TokenRequest = {
  issuer: `https://localhost:8443/${TENANT_ID}/v2.0`,
  requestId: "01020304-0506-0708-090a-0b0c0d0e0f10",
  source: "127.0.0.1",
  memberships: NO_MEMBERSHIPS,
};

export const SEED: DirectorySeed = {
  tenantId: TENANT_ID,
  displayName: "Contoso",
  domains: ["Contoso.example", "contoso.test"],
  applications: [
    {
      appId: APP_ID,
      displayName: "Nightly",
      objectId: "44444444-4444-4444-8444-444444444444",
      servicePrincipalId: SERVICE_PRINCIPAL_ID,
      secrets: [{ keyId: "k1", secret: "first-secret" }],
    },
  ],
};

export interface DirectoryFixture {
  readonly store: Store;
  readonly directory: Directory;
  readonly sealing: Sealing;
  close(): Promise<void>;
}

export async function openDirectoryFixture(): Promise<DirectoryFixture> {
  const folder = mkdtempSync(join(tmpdir(), "directory-"));
  const store = await openSqliteStore(join(folder, "state.db"));
  const directory = new Directory(store);
  await seedDirectory(directory, SEED, START);
  return {
    store,
    directory,
    sealing: openSealing(join(folder, "seal.key")),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
