/** What a pool's mounts lead to, as the request names it. Pure. Source: Azure Batch REST, "AzureBlobFileSystemConfiguration", "NFSMountConfiguration", "CIFSMountConfiguration", "AzureFileShareConfiguration". */
import { BLOB_SUFFIX } from "../../wire/storage/blob-names.ts";

/** What follows an account's name in the host name of its file shares. */
export const FILE_SUFFIX = ".file.core.windows.net";

const HOST = String.raw`(?:[A-Za-z0-9_](?:[\w.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])`;
const NFS = new RegExp(String.raw`^(${HOST}):(/[^\s\0]{0,1023})$`);
const CIFS = new RegExp(String.raw`^(?://|\\\\)(${HOST})[/\\]([^\s\0:]{1,1023})$`);
const CONTAINER = /^[A-Za-z0-9$](?:[A-Za-z0-9-]{0,62})$/;

export interface ShareSource {
  readonly host: string;
  /** Of NFS from the slash on, of CIFS behind it. */
  readonly path: string;
}

/** `HOST:/PATH` */
export const nfsSource = (text: string): ShareSource | undefined => sourceOf(NFS.exec(text));

/** `//HOST/SHARE`, with either kind of slash. */
export function cifsSource(text: string): ShareSource | undefined {
  const source = sourceOf(CIFS.exec(text));
  return source && { ...source, path: source.path.replaceAll("\\", "/") };
}

/** `https://HOST/SHARE` */
export function fileShareSource(text: string): ShareSource | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.port !== "" || url.username !== "") return undefined;
  return cifsSource(`//${url.hostname}${url.pathname.replace(/\/$/, "")}`);
}

const sourceOf = (found: RegExpExecArray | null): ShareSource | undefined =>
  found ? { host: found[1] ?? "", path: found[2] ?? "" } : undefined;

/** A container's name, or its URL below the account's own host. @returns its name */
export function containerOf(accountName: string, said: string): string | undefined {
  if (CONTAINER.test(said)) return said;
  const url = URL.parse(said);
  const isAccounts = url?.hostname === `${accountName.toLowerCase()}${BLOB_SUFFIX}`;
  const name = url?.pathname.replace(/^\/|\/$/g, "") ?? "";
  return isAccounts && url.protocol === "https:" && CONTAINER.test(name) ? name : undefined;
}
