/**
 * A copy reads another blob, of which the program behind asks no permission within an account, and fetches any URL outside it. So a copy stays
 * within its account, and who may not read the source may not copy it.
 */
import type { Storage } from "../../app/storage/storage.ts";
import type { Exchange } from "../../http/exchange.ts";
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";
import { type BlobAddress, blobAddress } from "./address.ts";
import type { BlobCaller } from "./authenticate.ts";
import { blobFault } from "./blob-fault.ts";

/** @returns where the source stands; undefined when the request copies nothing. @throws Fault CannotVerifyCopySource, FeatureNotSupported */
export function copySource(
  storage: Storage,
  { headers, authority }: Exchange,
  { account }: BlobAddress,
  caller: BlobCaller,
): BlobAddress | undefined {
  const given = headers["x-ms-copy-source"];
  if (given === undefined) return undefined;
  if (typeof given !== "string") throw blobFault("InvalidHeaderValue");
  const [, host = "", rawPath = ""] =
    /^https:\/\/([a-z0-9.:[\]-]+)(\/[^?#]*)(?:\?[^#]*)?$/i.exec(given) ?? [];
  const isAzure = host.toLowerCase() === `${account.name}${BLOB_SUFFIX}`;
  const isHere = authority.answeredAs === "local" && host.toLowerCase() === authority.host;
  if (!isAzure && !isHere) {
    throw blobFault("CannotVerifyCopySource", "Copies are built within a storage account only.");
  }
  const answeredAs = isAzure ? "storage" : "local";
  const source = blobAddress(storage, {
    rawPath,
    rawQuery: "",
    authority: { ...authority, name: host.toLowerCase(), answeredAs },
  });
  if (source.account.key !== account.key || source.level !== "blob")
    throw blobFault("CannotVerifyCopySource");
  if (caller.kind === "sas" || caller.kind === "delegate") {
    throw blobFault("FeatureNotSupported", "A copy by SAS is not built: its source would go unchecked.");
  }
  return source;
}
