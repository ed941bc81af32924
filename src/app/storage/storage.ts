/**
 * The storage accounts of this installation, in memory, and what the rest of the program does with blobs: hands out signed URLs and
 * makes containers. Management tells it what it committed.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { Fault } from "../../core/fault.ts";
import { type ServiceSas, serviceSasQuery } from "../../core/storage/sas.ts";
import { readXml } from "../../core/xml/xml-elements.ts";
import { settingGet, settingPut } from "../../store/accounts.ts";
import type { Store } from "../../store/engine/store.ts";
import { storageAccountsAll } from "../../store/storage-accounts.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import { BLOB_API_VERSION } from "../../wire/storage/blob-version.ts";
import type { BlobBackend } from "../ports/blob-backend.ts";
import type { Sealing } from "../secrets/sealing.ts";
import { type StorageAccount, storageAccountOf } from "./storage-account.ts";

const DELEGATION_SETTING = "storage.delegationSecret";
const SECRET_BYTES = 32;

export interface SasUrl extends ServiceSas {
  /** `azure`: by the account's Azure name, for whom it leads here. Default `local`: by this machine's name. */
  readonly address?: "azure" | "local";
}

export interface NamedBlob {
  /** The storage account's name. */
  readonly account: string;
  readonly container: string;
  readonly blob: string;
}

export interface BlobQuestion {
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface BlobAnswer {
  readonly status: number;
  /** Of an error. */
  readonly code: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const pathOf = (container: string, blob: string) =>
  `/${[container, ...blob.split("/")].map(encodeURIComponent).join("/")}`;

export class Storage {
  readonly #store: Store;
  readonly #sealing: Sealing;
  readonly #byName = new Map<string, StorageAccount>();
  /** What user delegation keys are made with. */
  readonly delegationSecret: Uint8Array;
  #backend: BlobBackend | undefined;
  #port: () => number | undefined = () => undefined;
  #onChange = () => {};

  private constructor(store: Store, sealing: Sealing, delegationSecret: Uint8Array) {
    this.#store = store;
    this.#sealing = sealing;
    this.delegationSecret = delegationSecret;
  }

  /** @throws SealBroken when the keys were sealed by another installation */
  static async read(store: Store, sealing: Sealing): Promise<Storage> {
    const storage = new Storage(store, sealing, await delegationSecret(store, sealing));
    await storage.#readAll();
    return storage;
  }

  /** @param port of the listener that answers for all accounts on this machine's names */
  servedBy(parts: {
    readonly backend: BlobBackend;
    readonly port: () => number | undefined;
    /** An account has come or gone. */
    readonly onChange: () => void;
  }): void {
    this.#backend = parts.backend;
    this.#port = parts.port;
    this.#onChange = parts.onChange;
  }

  get backend(): BlobBackend {
    if (!this.#backend) throw new Error("nothing keeps blobs yet");
    return this.#backend;
  }

  /** In the order of their creation. */
  get all(): readonly StorageAccount[] {
    return [...this.#byName.values()];
  }

  /** @param name in any case */
  byName(name: string): StorageAccount | undefined {
    return this.#byName.get(name) ?? this.#byName.get(name.toLowerCase());
  }

  /** @param id a storage account's resource id, in any case */
  byId(id: string): StorageAccount | undefined {
    const [, subscription, group, name = ""] =
      /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.storage\/storageaccounts\/([^/]+)\/?$/.exec(
        id.toLowerCase(),
      ) ?? [];
    const account = this.#byName.get(name);
    const isSame = account?.subscriptionId === subscription && account?.resourceGroup.toLowerCase() === group;
    return isSame ? account : undefined;
  }

  /** To be called after each commit that makes, changes or removes an account; resolves when it holds for the next request. */
  async refresh(): Promise<void> {
    await this.reread();
    this.#onChange();
  }

  /** As `refresh`, for a commit that touches no name. */
  async reread(): Promise<void> {
    await this.#readAll();
  }

  /** Base URL of the account's Blob service, without a trailing slash. */
  url(account: string, address: "azure" | "local" = "local"): string {
    return address === "azure"
      ? `https://${account}${BLOB_SUFFIX}`
      : `https://localhost:${this.#port() ?? 0}/${account}`;
  }

  /**
   * The URL of a blob, or of a container when no blob is named, that grants `permissions` to whoever holds it, signed with the account's first key.
   * @throws Fault `StorageAccountNotFound` (404)
   */
  sasUrl({ address, ...sas }: SasUrl): string {
    const account = this.#named(sas.account);
    const names = sas.blob === undefined ? [] : sas.blob.split("/").map(encodeURIComponent);
    const path = [sas.container, ...names].join("/");
    return `${this.url(account.name, address)}/${path}?${serviceSasQuery({ ...sas, account: account.name }, account.keys[0])}`;
  }

  /** Makes the container when there is none. @throws Fault `StorageAccountNotFound`, `StorageUnavailable`, or the service's own refusal */
  async ensureContainer(accountName: string, container: string): Promise<void> {
    const account = this.#named(accountName);
    const reply = await this.ask(account, {
      method: "PUT",
      path: `/${encodeURIComponent(container)}`,
      query: "restype=container",
    });
    if (reply.status === 201 || reply.code === "ContainerAlreadyExists") return;
    throw new Fault(reply.code, `The container '${container}' could not be made.`, { status: reply.status });
  }

  /** @throws Fault `StorageAccountNotFound`, `StorageUnavailable`, or the service's own refusal */
  async hasBlob({ account, container, blob }: NamedBlob): Promise<boolean> {
    const reply = await this.ask(this.#named(account), { method: "HEAD", path: pathOf(container, blob) });
    if (reply.status === 200 || reply.status === 404) return reply.status === 200;
    throw new Fault(reply.code, "The blob could not be looked for.", { status: reply.status });
  }

  /** One that is not there is deleted already. @throws Fault as `hasBlob` */
  async deleteBlob({ account, container, blob }: NamedBlob): Promise<void> {
    const reply = await this.ask(this.#named(account), { method: "DELETE", path: pathOf(container, blob) });
    if (reply.status === 202 || reply.status === 404) return;
    throw new Fault(reply.code, "The blob could not be deleted.", { status: reply.status });
  }

  /** Deletes all that the account holds: its name may be another's next. @throws Fault `StorageUnavailable`, or the service's own refusal */
  async purge(account: StorageAccount): Promise<void> {
    if (!this.backend.wasUsed) return;
    for (;;) {
      const list = await this.ask(account, { method: "GET", path: "/", query: "comp=list" });
      const names = list.status === 200 ? containerNames(list.text) : [];
      if (names.length === 0 && list.status === 200) return;
      for (const name of names) {
        const { status, code } = await this.ask(account, {
          method: "DELETE",
          path: `/${name}`,
          query: "restype=container",
        });
        if (status !== 202 && status !== 404)
          throw new Fault(code, `The container '${name}' could not be deleted.`, { status });
      }
      if (names.length === 0)
        throw new Fault(list.code, "The account could not be emptied.", { status: list.status });
    }
  }

  /** A small request in the service's own name. @throws Fault `StorageUnavailable` */
  async ask(account: StorageAccount, asked: BlobQuestion): Promise<BlobAnswer> {
    const { method, path, query = "", headers = {}, body = "" } = asked;
    const own = { "content-length": String(Buffer.byteLength(body)), "x-ms-version": BLOB_API_VERSION };
    const request = await this.backend.send({
      method,
      target: query === "" ? path : `${path}?${query}`,
      host: `${account.name}${BLOB_SUFFIX}`,
      headers: Object.entries({ ...own, ...headers }).flat(),
    });
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const code = String(response.headers["x-ms-error-code"] ?? "InternalError");
    return {
      status: response.statusCode ?? 0,
      code,
      headers: response.headers,
      text: await text(response),
    };
  }

  #named(name: string): StorageAccount {
    const account = this.byName(name);
    if (account) return account;
    throw new Fault("StorageAccountNotFound", `There is no storage account '${name}' here.`, { status: 404 });
  }

  async #readAll(): Promise<void> {
    const rows = await storageAccountsAll.all(this.#store.read, {});
    const accounts = rows.map((row) => storageAccountOf(row, this.#sealing));
    this.#byName.clear();
    for (const account of accounts) this.#byName.set(account.name, account);
  }
}

function containerNames(listing: string): string[] {
  const names: string[] = [];
  readXml(listing, ({ path, text: name }) => {
    if (path === "EnumerationResults/Containers/Container/Name") names.push(name);
  });
  return names;
}

async function delegationSecret(store: Store, sealing: Sealing): Promise<Uint8Array> {
  const known = await settingGet.first(store.read, { name: DELEGATION_SETTING });
  if (known) return sealing.unseal(known.value, DELEGATION_SETTING);
  const secret = randomBytes(SECRET_BYTES);
  const value = sealing.seal(secret, DELEGATION_SETTING);
  await store.write((c) => settingPut.run(c, { name: DELEGATION_SETTING, value }));
  return secret;
}
