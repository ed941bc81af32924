/**
 * A service whose storage account opens to identities alone: one may write everywhere, one reads the container `inputs`, one has no role.
 * Knows how blobs are kept and looked at from outside, and how pools with identities are made.
 */
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { expect } from "vitest";
import type { ReadyLine } from "../../../src/client/service-endpoints.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";
import {
  STORAGE_ACCOUNT,
  STORAGE_SUBSCRIPTION,
  storageApplications,
  storageSeed,
} from "./storage.fixture.ts";

const LAB = `/subscriptions/${STORAGE_SUBSCRIPTION}/resourceGroups/lab`;
const AUTHORIZATION = "providers/Microsoft.Authorization";
const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const POOLS_VERSION = "2024-07-01";

export const STORAGE_ID = `${LAB}/providers/Microsoft.Storage/storageAccounts/${STORAGE_ACCOUNT}`;
export const ACCOUNT_ID = `${LAB}/providers/Microsoft.Batch/batchAccounts/labbatch`;
export const IDENTITIES = ["writer", "reader", "nothing"] as const;
export type IdentityName = (typeof IDENTITIES)[number];
export const identityId = (name: string) =>
  `${LAB}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
export const asIdentity = (name: string) => ({ identityReference: { resourceId: identityId(name) } });

export const identityStorageSeed = {
  ...storageSeed,
  roleAssignments: [
    ...storageSeed.roleAssignments,
    { principal: storageApplications.contributor.clientId, role: "Owner", scope: LAB },
  ],
};

export interface BlobReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whatever runs a service with `identityStorageSeed`. */
export type SeededService = Pick<RunningService, "ca"> & { readonly ready: ReadyLine };

export class IdentityStorage {
  readonly arm: ArmClient;
  readonly clientIds: Readonly<Record<IdentityName, string>>;
  readonly #service: SeededService;
  readonly #token: string;
  readonly #agent: Agent;

  /** Makes the identities, gives them their roles, makes the containers `inputs` and `outputs`, and the storage the account's own. */
  static async prepare(service: SeededService): Promise<IdentityStorage> {
    const running = service as RunningService;
    const { contributor } = storageApplications;
    const arm = await ArmClient.signIn(running, contributor);
    const made = await Promise.all(
      IDENTITIES.map((name) =>
        arm.send("PUT", identityId(name), { version: "2023-01-31", body: { location: "westeurope" } }),
      ),
    );
    const [writer, reader, nothing] = made.map(({ json }) => json.properties);
    const assign = async (principalId: string, role: string, scope: string) => {
      const path = `${scope}/${AUTHORIZATION}/roleAssignments/${randomUUID()}`;
      const roleDefinitionId = `/subscriptions/${STORAGE_SUBSCRIPTION}/${AUTHORIZATION}/roleDefinitions/${role}`;
      const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
      const assigned = await arm.send("PUT", path, { version: "2022-04-01", body: { properties } });
      expect(assigned.status, assigned.text).toBe(201);
    };
    await assign(writer.principalId, CONTRIBUTOR, STORAGE_ID);
    await assign(reader.principalId, READER, `${STORAGE_ID}/blobServices/default/containers/inputs`);
    const ofStorage = await ArmClient.tokenOf(running, contributor, "https://storage.azure.com/");
    const clientIds = {
      writer: writer.clientId,
      reader: reader.clientId,
      nothing: nothing.clientId,
    };
    const storage = new IdentityStorage(service, arm, clientIds, ofStorage);
    await storage.setAutoStorage({});
    for (const container of ["inputs", "outputs"]) await storage.addContainer(container);
    return storage;
  }

  private constructor(
    service: SeededService,
    arm: ArmClient,
    clientIds: IdentityStorage["clientIds"],
    token: string,
  ) {
    this.#service = service;
    this.arm = arm;
    this.clientIds = clientIds;
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, ca: service.ca, maxSockets: 16 });
  }

  close(): void {
    this.#agent.destroy();
  }

  async addContainer(name: string): Promise<void> {
    expect((await this.send("PUT", `${name}?restype=container`)).status).toBe(201);
  }

  async put(blob: string, content: string | Buffer): Promise<void> {
    const reply = await this.send("PUT", blob, Buffer.from(content));
    expect(reply.status, reply.body.toString()).toBe(201);
  }

  /** @returns the status where it is no success */
  async content(blob: string): Promise<string | number> {
    const { status, body } = await this.send("GET", blob);
    return status === 200 ? body.toString() : status;
  }

  /** As the first application. @param path below the account: container, blob, query */
  send(method: string, path: string, body?: Buffer): Promise<BlobReply> {
    const url = `${this.#service.ready.blob}/${path}`;
    const headers = {
      authorization: `Bearer ${this.#token}`,
      "x-ms-version": "2021-06-08",
      "content-length": String(body?.length ?? 0),
      ...(body && { "x-ms-blob-type": "BlockBlob" }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method, headers, agent: this.#agent }, (reply) => {
        const pieces: Buffer[] = [];
        reply.on("data", (piece: Buffer) => pieces.push(piece));
        reply.on("error", reject);
        reply.on("end", () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces) }),
        );
      });
      outgoing.on("error", reject).end(body);
    });
  }

  /** A pool of management: no other way gives it identities. */
  async addPool(id: string, identities: readonly IdentityName[], properties: Json = {}): Promise<void> {
    const body = {
      ...(identities.length > 0 && {
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: Object.fromEntries(identities.map((name) => [identityId(name), {}])),
        },
      }),
      properties: {
        vmSize: "STANDARD_D2S_V3",
        taskSlotsPerNode: 8,
        scaleSettings: { fixedScale: { targetDedicatedNodes: 1 } },
        deploymentConfiguration: {
          virtualMachineConfiguration: {
            imageReference: { publisher: "debian", offer: "debian-12", sku: "12", version: "latest" },
            nodeAgentSkuId: "batch.node.debian 12",
          },
        },
        ...properties,
      },
    };
    const made = await this.arm.send("PUT", `${ACCOUNT_ID}/pools/${id}`, { version: POOLS_VERSION, body });
    expect(made.status, made.text).toBe(200);
  }

  /** How the account and its nodes come to its auto-storage. */
  async setAutoStorage(autoStorage: object): Promise<void> {
    const body = { properties: { autoStorage: { storageAccountId: STORAGE_ID, ...autoStorage } } };
    const changed = await this.arm.send("PATCH", ACCOUNT_ID, { version: POOLS_VERSION, body });
    expect(changed.status, changed.text).toBe(200);
  }
}
