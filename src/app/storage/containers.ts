/** An account's containers as management sees them; the Blob service keeps them. Source: "Blob Containers - …". */
import { Fault } from "../../core/fault.ts";
import { type ContainerBody, metadataHeaders } from "../../core/storage/container-body.ts";
import { readXml } from "../../core/xml/xml-elements.ts";
import { CONTAINER_NAME } from "../../wire/storage/blob-names.ts";
import type { BlobAnswer, BlobQuestion, Storage } from "./storage.ts";
import type { StorageAccount } from "./storage-account.ts";

export interface Container {
  readonly name: string;
  /** With quotation marks, as the Blob service writes it. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  readonly leaseStatus: string;
  readonly leaseState: string;
  readonly leaseDuration: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ContainerPage {
  readonly containers: readonly Container[];
  /** Where the next page begins; undefined on the last. */
  readonly marker: string | undefined;
}

type BlobService = Pick<Storage, "ask" | "backend">;

const CONTAINER = "EnumerationResults/Containers/Container";

/** In the order of their names. @throws Fault StorageUnavailable, or the service's own refusal */
export async function containerList(
  storage: BlobService,
  account: StorageAccount,
  wanted: { readonly prefix: string; readonly marker: string; readonly max: number },
): Promise<ContainerPage> {
  if (!storage.backend.wasUsed) return { containers: [], marker: undefined };
  const { prefix, marker, max } = wanted;
  const query = new URLSearchParams({ comp: "list", include: "metadata", maxresults: String(max) });
  if (prefix !== "") query.set("prefix", prefix);
  if (marker !== "") query.set("marker", marker);
  const { text } = await asked(
    storage,
    account,
    { method: "GET", path: "/", query: query.toString() },
    [200],
  );
  return containersOf(text);
}

/** Undefined when there is none. @throws Fault as `containerList` */
export async function containerGet(
  storage: BlobService,
  account: StorageAccount,
  name: string,
): Promise<Container | undefined> {
  if (!storage.backend.wasUsed || !CONTAINER_NAME.test(name)) return undefined;
  const reply = await asked(storage, account, { method: "GET", ...of(name) }, [200, 404]);
  if (reply.status === 404) return undefined;
  const header = (which: string) => String(reply.headers[which] ?? "");
  const metadata = Object.entries(reply.headers).filter(([field]) => field.startsWith(META));
  return {
    name,
    etag: header("etag"),
    changedAt: Date.parse(header("last-modified")),
    leaseStatus: header("x-ms-lease-status"),
    leaseState: header("x-ms-lease-state"),
    leaseDuration: header("x-ms-lease-duration") || undefined,
    metadata: Object.fromEntries(metadata.map(([field, value]) => [field.slice(META.length), String(value)])),
  };
}

/** Makes the container, or says anew what belongs to it. @throws Fault ContainerNameInvalid, and as `containerList` */
export async function containerPut(
  storage: BlobService,
  account: StorageAccount,
  name: string,
  { metadata }: ContainerBody,
): Promise<{ readonly container: Container; readonly isNew: boolean }> {
  if (!CONTAINER_NAME.test(name)) {
    throw new Fault(
      "ContainerNameInvalid",
      `'${name.slice(0, 64)}' is no container's name: 3 to 63 lower-case letters, digits and single hyphens make one.`,
      { status: 400 },
    );
  }
  const make = { method: "PUT", ...of(name), headers: metadataHeaders(metadata) };
  const { status } = await asked(storage, account, make, [201, 409]);
  if (status === 409 && metadata !== undefined) await setMetadata(storage, account, name, metadata);
  return { container: await present(storage, account, name), isNew: status === 201 };
}

/** @throws Fault ContainerNotFound, and as `containerList` */
export async function containerPatch(
  storage: BlobService,
  account: StorageAccount,
  name: string,
  { metadata }: ContainerBody,
): Promise<Container> {
  await present(storage, account, name);
  if (metadata !== undefined) await setMetadata(storage, account, name, metadata);
  return present(storage, account, name);
}

/** @returns whether there was one. @throws Fault as `containerList` */
export async function containerDelete(
  storage: BlobService,
  account: StorageAccount,
  name: string,
): Promise<boolean> {
  if (!storage.backend.wasUsed || !CONTAINER_NAME.test(name)) return false;
  const { status } = await asked(storage, account, { method: "DELETE", ...of(name) }, [202, 404]);
  return status === 202;
}

const META = "x-ms-meta-";
const of = (name: string) => ({ path: `/${encodeURIComponent(name)}`, query: "restype=container" });

function setMetadata(
  storage: BlobService,
  account: StorageAccount,
  name: string,
  metadata: Readonly<Record<string, string>>,
): Promise<BlobAnswer> {
  const query = "restype=container&comp=metadata";
  const question = { method: "PUT", path: of(name).path, query, headers: metadataHeaders(metadata) };
  return asked(storage, account, question, [200]);
}

async function present(storage: BlobService, account: StorageAccount, name: string): Promise<Container> {
  const container = await containerGet(storage, account, name);
  if (container) return container;
  throw new Fault("ContainerNotFound", "The specified container does not exist.", { status: 404 });
}

async function asked(
  storage: BlobService,
  account: StorageAccount,
  question: BlobQuestion,
  expected: readonly number[],
): Promise<BlobAnswer> {
  const reply = await storage.ask(account, question);
  const isOther = reply.status === 409 && reply.code !== "ContainerAlreadyExists";
  if (expected.includes(reply.status) && !isOther) return reply;
  throw new Fault(reply.code, "The Blob service refused what was asked of it.", { status: reply.status });
}

function containersOf(listing: string): ContainerPage {
  const containers: Container[] = [];
  let marker: string | undefined;
  let texts: Record<string, string> = {};
  let metadata: Record<string, string> = {};
  readXml(listing, ({ path, text }) => {
    if (path === "EnumerationResults/NextMarker") marker = text === "" ? undefined : text;
    else if (path.startsWith(`${CONTAINER}/Metadata/`)) metadata[path.slice(CONTAINER.length + 10)] = text;
    else if (path.startsWith(`${CONTAINER}/`)) texts[path.slice(path.lastIndexOf("/") + 1)] = text;
    else if (path === CONTAINER) {
      containers.push({
        name: texts.Name ?? "",
        etag: texts.Etag ?? "",
        changedAt: Date.parse(texts["Last-Modified"] ?? ""),
        leaseStatus: texts.LeaseStatus ?? "",
        leaseState: texts.LeaseState ?? "",
        leaseDuration: texts.LeaseDuration || undefined,
        metadata,
      });
      texts = {};
      metadata = {};
    }
  });
  return { containers, marker };
}
