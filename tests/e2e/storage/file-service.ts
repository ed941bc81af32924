/** A service that can be killed, with a storage account that opens to identities, and what tests of its files need beside it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdentityStorage, identityStorageSeed } from "../../wire/blob/identity-storage.fixture.ts";
import { BatchClient } from "../batch-client.ts";
import { KillableService, type KillableServiceOptions } from "../killable-service.ts";

export class FileService {
  readonly process: KillableService;
  readonly storage: IdentityStorage;
  readonly client: BatchClient;
  /** PEM. */
  readonly ca: string;
  readonly #folder: string;

  static async start({
    parameters: more = [],
    ...options
  }: KillableServiceOptions = {}): Promise<FileService> {
    const folder = mkdtempSync(join(tmpdir(), "batchyard-files-"));
    const seedFile = join(folder, "seed.json");
    writeFileSync(seedFile, JSON.stringify(identityStorageSeed));
    const parameters = ["--seed", seedFile, "--allow-unisolated-identities", ...more];
    const service = await KillableService.start({ ...options, parameters });
    try {
      const ca = readFileSync(service.ready.caFile, "utf8");
      const storage = await IdentityStorage.prepare({ ready: service.ready, ca });
      return new FileService(service, storage, ca, folder);
    } catch (error) {
      await service.dispose();
      throw error;
    }
  }

  private constructor(service: KillableService, storage: IdentityStorage, ca: string, folder: string) {
    this.process = service;
    this.storage = storage;
    this.client = new BatchClient(service.ready);
    this.ca = ca;
    this.#folder = folder;
  }

  /** Bytes of a task's file so far, whatever node the task is on; undefined while there is none. */
  sizeOnNode(jobId: string, taskId: string, name: string): number | undefined {
    const nodes = join(this.process.folder, "nodes");
    for (const node of readdirSync(nodes)) {
      const file = join(nodes, node, "workitems", jobId, "job-1", taskId, "wd", name);
      const size = statSync(file, { throwIfNoEntry: false })?.size;
      if (size !== undefined) return size;
    }
    return undefined;
  }

  get azuritePid(): number {
    return JSON.parse(readFileSync(join(this.process.folder, "storage", "azurite.json"), "utf8")).pid;
  }

  async dispose(): Promise<void> {
    this.client.close();
    this.storage.close();
    await this.process.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
