/**
 * What a request names: by Azure's host name `https://account.blob.core.windows.net/container/blob`, on this machine's names
 * `https://localhost:port/account/container/blob`. Whatever the program behind could read in another way is refused here.
 */
import type { Storage } from "../../app/storage/storage.ts";
import { type StorageAccount, storageAccountScope } from "../../app/storage/storage-account.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_SUFFIX, CONTAINER_NAME } from "../../wire/storage/blob-names.ts";
import type { BlobLevel } from "../../wire/storage/blob-operations.ts";
import { blobFault } from "./blob-fault.ts";

export interface BlobAddress {
  readonly account: StorageAccount;
  readonly level: BlobLevel;
  readonly container: string | undefined;
  /** The Host under which the program behind reads the same path in the same way. */
  readonly host: string;
  /** Where roles decide. */
  readonly scope: string;
}

/** RFC 3986's `pchar` and the slash: a fragment, a backslash or a control character would be read differently by others. */
const PATH = /^\/(?!\/)(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9a-f]{2})*$/i;

/** @throws Fault InvalidUri, InvalidResourceName, ResourceNotFound when there is no such account */
export function blobAddress(
  storage: Storage,
  { rawPath, rawQuery, authority }: Pick<Exchange, "rawPath" | "rawQuery" | "authority">,
): BlobAddress {
  if (!PATH.test(rawPath) || rawQuery.includes("#")) throw blobFault("InvalidUri");
  const isAzureStyle = authority.answeredAs === "storage";
  const [first = "", ...others] = rawPath.slice(1).split("/");
  const name = isAzureStyle ? authority.name.slice(0, -BLOB_SUFFIX.length) : first;
  const account = storage.byName(name);
  if (account?.name !== name) throw blobFault("ResourceNotFound");
  const [container = "", ...blob] = isAzureStyle ? [first, ...others] : others;
  if (blob.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) throw blobFault("InvalidUri");
  const host = isAzureStyle ? `${name}${BLOB_SUFFIX}` : localHost(authority);
  const scope = storageAccountScope(account);
  if (container === "") {
    if (blob.length > 0) throw blobFault("InvalidUri");
    return { account, level: "service", container: undefined, host, scope };
  }
  if (!CONTAINER_NAME.test(container)) throw blobFault("InvalidResourceName");
  const isBlob = blob.length > 0 && blob.join("/") !== "";
  return {
    account,
    level: isBlob ? "blob" : "container",
    container,
    host,
    scope: `${scope}/blobServices/default/containers/${container}`,
  };
}

/** A name with dots would be taken for an account's. */
function localHost({ name, host, port }: Exchange["authority"]): string {
  if (name === "localhost" || name === "127.0.0.1") return host;
  return `localhost${port === undefined ? "" : `:${port}`}`;
}
