/**
 * What a request names: by Azure's host name `https://account.blob.core.windows.net/container/blob`, on this machine's names
 * `https://localhost:port/account/container/blob`. Whatever the program behind could read in another way is refused here, and the path is
 * written anew for it.
 */
import type { Storage } from "../../app/storage/storage.ts";
import { type StorageAccount, storageAccountScope } from "../../app/storage/storage-account.ts";
import { BLOB_SUFFIX, CONTAINER_NAME } from "../../wire/storage/blob-names.ts";
import type { BlobLevel } from "../../wire/storage/blob-operations.ts";
import { blobFault } from "./blob-fault.ts";
import type { BlobRequest } from "./blob-request.ts";

export interface BlobAddress {
  readonly account: StorageAccount;
  readonly level: BlobLevel;
  readonly container: string | undefined;
  /** Decoded. */
  readonly blob: string | undefined;
  /** The Host under which the program behind reads the path in the same way. */
  readonly host: string;
  /** As the program behind is to read it. */
  readonly path: string;
  /** Where roles decide. */
  readonly scope: string;
}

/** RFC 3986's `pchar` and the slash: a fragment, a backslash or a control character would be read differently by others. */
const PATH = /^\/(?!\/)(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9a-f]{2})*$/i;
/** "Naming and referencing containers, blobs, and metadata". */
const BLOB_NAME_MAX_CHARACTERS = 1_024;

/** @throws Fault InvalidUri, InvalidResourceName, ResourceNotFound when there is no such account */
export function blobAddress(
  storage: Storage,
  { rawPath, authority }: Pick<BlobRequest, "rawPath" | "authority">,
): BlobAddress {
  if (!PATH.test(rawPath)) throw blobFault("InvalidUri");
  const isAzureStyle = authority.answeredAs === "storage";
  const [first = "", ...others] = rawPath.slice(1).split("/");
  const name = isAzureStyle ? authority.name.slice(0, -BLOB_SUFFIX.length) : first;
  const account = storage.byName(name);
  if (account?.name !== name) throw blobFault("ResourceNotFound");
  const [container = "", ...rest] = isAzureStyle ? [first, ...others] : others;
  const host = isAzureStyle ? `${name}${BLOB_SUFFIX}` : localHost(authority);
  const base = isAzureStyle ? "" : `/${name}`;
  const scope = storageAccountScope(account);
  if (container === "") {
    if (rest.length > 0) throw blobFault("InvalidUri");
    return {
      account,
      level: "service",
      container: undefined,
      blob: undefined,
      host,
      path: `${base}/`,
      scope,
    };
  }
  if (!CONTAINER_NAME.test(container)) throw blobFault("InvalidResourceName");
  const blob = blobName(rest);
  const own = { account, container, host, scope: `${scope}/blobServices/default/containers/${container}` };
  if (blob === "") return { ...own, level: "container", blob: undefined, path: `${base}/${container}` };
  const path = [base, container, ...blob.split("/").map(encodeURIComponent)].join("/");
  return { ...own, level: "blob", blob, path };
}

/** A backslash is a slash, as it is to the service. */
function blobName(segments: readonly string[]): string {
  let name: string;
  try {
    name = decodeURIComponent(segments.join("/")).replaceAll("\\", "/");
  } catch {
    throw blobFault("InvalidUri");
  }
  if (name.length > BLOB_NAME_MAX_CHARACTERS) throw blobFault("InvalidResourceName");
  if (name.split("/").some((segment) => segment === "." || segment === "..")) throw blobFault("InvalidUri");
  return name;
}

/** A name with dots would be taken for an account's. */
function localHost({ name, host, port }: BlobRequest["authority"]): string {
  if (name === "localhost" || name === "127.0.0.1") return host;
  return `localhost${port === undefined ? "" : `:${port}`}`;
}
