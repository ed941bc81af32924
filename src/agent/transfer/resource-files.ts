/** Brings a run's resource files into its working folder before it starts. Source: Azure Batch REST, "ResourceFile". */
import { unlink } from "node:fs/promises";
import { readListing } from "../../core/transfer/container-listing.ts";
import { namesBelow } from "../../core/transfer/relative-path.ts";
import { TransferFault } from "../../core/transfer/transfer-fault.ts";
import type { ResourceFileSpec } from "../../wire/agent/messages.ts";
import { entryPath } from "../files/node-path.ts";
import { blobUrl } from "./blob-url.ts";
import { download, withoutQuery } from "./download.ts";
import { createFile, makeFolder, type NodeFolderOptions, writeFault } from "./node-folders.ts";
import type { TransferNetwork } from "./outbound-request.ts";
import { checkStatus } from "./refused-reply.ts";
import { repeated } from "./repeat.ts";
import { storageRequest } from "./storage-request.ts";

export interface ResourceFilesOptions extends NodeFolderOptions {
  /** The run's working folder, below the root. */
  readonly workingFolder: string;
  readonly network: TransferNetwork;
  readonly signal: AbortSignal;
}

/** Downloads of one run at a time. */
const PARALLEL = 4;
/** A page of a listing has at most 5,000 blobs of names up to 1,024 characters. */
const LISTING_MAX_BYTES = 32 * 1024 * 1024;

interface PlannedFile {
  readonly url: URL;
  /** Below the working folder; checked already. */
  readonly names: readonly string[];
  readonly mode: number;
  readonly identity: string | undefined;
}

/** All of them, or none counts. @throws TransferFault of the first that failed */
export async function fetchResourceFiles(
  files: readonly ResourceFileSpec[],
  options: ResourceFilesOptions,
): Promise<void> {
  // The first failure ends the others, which would only fill the disk.
  const failing = new AbortController();
  const within = { ...options, signal: AbortSignal.any([options.signal, failing.signal]) };
  const planned = plan(files, within);
  let fault: unknown;
  const worker = async () => {
    try {
      for (;;) {
        const { value, done } = await planned.next();
        if (done) return;
        await fetchOne(value, within);
      }
    } catch (error) {
      fault ??= error;
      failing.abort();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  options.signal.throwIfAborted();
  if (fault !== undefined) throw fault;
}

async function* plan(
  files: readonly ResourceFileSpec[],
  options: ResourceFilesOptions,
): AsyncGenerator<PlannedFile, undefined> {
  for (const { url, isContainer, prefix, path, mode, identity } of files) {
    if (url === "")
      throw new TransferFault(
        "ResourceContainerListMiscError",
        "The account has no auto-storage account here.",
      );
    if (!isContainer) {
      yield { url: new URL(url), names: placed(path), mode, identity };
      continue;
    }
    const container = new URL(url);
    for await (const name of blobsOf(container, prefix, identity, options)) {
      // Some tools mark folders with such a blob.
      if (name.endsWith("/")) continue;
      const names = placed(path === "" ? name : `${path}/${name}`);
      yield { url: blobUrl(container, name), names, mode, identity };
    }
  }
  return undefined;
}

function placed(path: string): readonly string[] {
  const names = namesBelow(path);
  if (names) return names;
  throw new TransferFault("ResourceFileCreateFailed", `${path} is not within the task's working folder`);
}

async function fetchOne(file: PlannedFile, options: ResourceFilesOptions): Promise<void> {
  const { url, identity, names, mode } = file;
  const name = names.at(-1) ?? "";
  const folder = await makeFolder(options, [...options.workingFolder.split("/"), ...names.slice(0, -1)]);
  try {
    const handle = await createFile(folder, name);
    try {
      await download({ url, identity, name }, handle, options.network, options.signal);
      const { owner, group = owner } = options;
      if (owner !== undefined) await handle.chown(owner, group ?? owner);
      await handle.chmod(mode).catch((error: unknown) => {
        throw writeFault(name, error);
      });
    } catch (error) {
      await unlink(entryPath(folder, Buffer.from(name))).catch(() => {});
      throw error;
    } finally {
      await handle.close();
    }
  } finally {
    await folder.close();
  }
}

async function* blobsOf(
  container: URL,
  prefix: string | undefined,
  identity: string | undefined,
  { network, signal }: ResourceFilesOptions,
): AsyncGenerator<string, void> {
  for (let marker: string | undefined = ""; marker !== undefined; ) {
    const url = new URL(container);
    url.searchParams.set("restype", "container");
    url.searchParams.set("comp", "list");
    if (prefix) url.searchParams.set("prefix", prefix);
    if (marker) url.searchParams.set("marker", marker);
    const page = await repeated("container", withoutQuery(container), network, signal, async () => {
      const request = { method: "GET", url, headers: {}, identity, signal } as const;
      const reply = await storageRequest(request, network);
      await checkStatus(reply, 200);
      const pieces: Buffer[] = [];
      let length = 0;
      for await (const piece of reply as AsyncIterable<Buffer>) {
        pieces.push(piece);
        length += piece.length;
        if (length > LISTING_MAX_BYTES) throw new Error("The listing is too long.");
      }
      return readListing(Buffer.concat(pieces).toString("utf8"));
    });
    for (const { name } of page.blobs) yield name;
    if (page.nextMarker === marker)
      throw new TransferFault("ResourceContainerListMiscError", "The listing goes round in a circle.");
    marker = page.nextMarker;
  }
}
