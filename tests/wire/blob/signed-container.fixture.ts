/** Containers of a service's own storage account, and URLs of them that are signed by Azure's own client. */
import { request } from "node:https";
import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { BatchClient } from "../batch-client.fixture.ts";
import type { RunningService } from "../running-service.fixture.ts";

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export class SignedContainers {
  readonly #service: RunningService;
  readonly #batch: BatchClient;
  readonly #key: string;

  /** @param batch tells who the first application is */
  static async open(service: RunningService, batch: BatchClient): Promise<SignedContainers> {
    const { management, subscriptionId, resourceGroup, storageAccount } = service.ready;
    const token = await batch.token(application(service), "https://management.azure.com/");
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`;
    const keys = `${management}${id}/listKeys?api-version=2023-01-01`;
    const { body } = await sendTo(service, "POST", keys, { authorization: `Bearer ${token}` });
    return new SignedContainers(service, batch, JSON.parse(body.toString()).keys[0].value);
  }

  private constructor(service: RunningService, batch: BatchClient, key: string) {
    this.#service = service;
    this.#batch = batch;
    this.#key = key;
  }

  /** @throws Error where it is not new */
  async make(name: string): Promise<void> {
    const token = await this.#batch.token(application(this.#service), "https://storage.azure.com/");
    const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2021-06-08" };
    const { status } = await this.send(
      "PUT",
      `${this.#service.ready.blob}/${name}?restype=container`,
      headers,
    );
    if (status !== 201) throw new Error(`container ${name}: ${status}`);
  }

  /** Good for an hour. */
  url(containerName: string, permissions = "rcwl"): string {
    const { blob, storageAccount } = this.#service.ready;
    const signature = generateBlobSASQueryParameters(
      {
        containerName,
        permissions: ContainerSASPermissions.parse(permissions),
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      new StorageSharedKeyCredential(storageAccount ?? "", this.#key),
    );
    return `${blob}/${containerName}?${signature}`;
  }

  send(method: string, url: string, headers: Record<string, string> = {}, body?: Buffer): Promise<HttpReply> {
    return sendTo(this.#service, method, url, headers, body);
  }
}

function application({ ready: { clientId, clientSecret } }: RunningService) {
  return { clientId: clientId ?? "", clientSecret: clientSecret ?? "" };
}

/** One request of its own. */
export function sendTo(
  { ca }: RunningService,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: Buffer,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, ca, agent: false }, (reply) => {
      const pieces: Buffer[] = [];
      reply.on("data", (piece: Buffer) => pieces.push(piece));
      reply.on("end", () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces) }),
      );
    });
    outgoing.on("error", reject).end(body);
  });
}
