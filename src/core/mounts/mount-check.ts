/** What a pool's `mountConfiguration` must be like. Pure. Source: Azure Batch REST, "MountConfiguration" and the four kinds; "Mount a virtual file system on a Batch pool". */
import { MOUNT_CONFIGURATIONS_MAX } from "../../wire/batch/limits.ts";
import type { MountConfiguration } from "../../wire/batch/models-types.gen.ts";
import { PropertyProblem } from "../model/property-problem.ts";
import { identityReferenceProblem } from "../transfer/identity-reference-check.ts";
import { BLOBFUSE_OPTIONS_MAX_CHARACTERS, blobfuseOptions } from "./blobfuse-options.ts";
import { MountOptionsProblem } from "./mount-options-problem.ts";
import { cifsSource, containerOf, fileShareSource, nfsSource } from "./mount-source.ts";
import { MOUNT_OPTIONS_MAX_CHARACTERS, type ShareKind, shareOptions } from "./share-options.ts";

export const MOUNT_KINDS = [
  "azureBlobFileSystemConfiguration",
  "azureFileShareConfiguration",
  "nfsMountConfiguration",
  "cifsMountConfiguration",
] as const;

/** As `object-rules.ts` has them. */
type ObjectRule = (object: Record<string, unknown>) => PropertyProblem | null;

/** Characters. Ours: names of files have 255 at most, and the log's has the path in it. */
export const MOUNT_PATH_MAX_CHARACTERS = 200;
/** Characters. Ours. */
const SECRET_MAX_CHARACTERS = 4_096;

const wrong = (name: string, reason: string, value: unknown): PropertyProblem =>
  new PropertyProblem("InvalidPropertyValue", reason, value).within(name);

/** Exactly one kind. */
export const mountRule: ObjectRule = (mount) => {
  const given = MOUNT_KINDS.filter((kind) => mount[kind] !== undefined);
  if (given.length === 1) return null;
  const reason = `exactly one of ${MOUNT_KINDS.join(", ")} must be given`;
  if (given[1] === undefined) return new PropertyProblem("MissingRequiredProperty", reason);
  return wrong(given[1], reason, "(not shown)");
};

const relativePath = (path: unknown): PropertyProblem | null => {
  const text = String(path);
  const isPath =
    text.length <= MOUNT_PATH_MAX_CHARACTERS &&
    text.split("/").every((part) => /^[\w][\w .-]*$/.test(part) && !part.endsWith(" ")) &&
    !text.endsWith(".log");
  const reason = `must be a path of at most ${MOUNT_PATH_MAX_CHARACTERS} letters, digits, blanks, '_', '-' and '.', without '..' and not ending in '.log'`;
  return isPath ? null : wrong("relativeMountPath", reason, path);
};

function options(
  name: string,
  text: unknown,
  max: number,
  read: (text: string) => unknown,
): PropertyProblem | null {
  if (text === undefined) return null;
  if (String(text).length > max) return wrong(name, `may have at most ${max} characters`, "(not shown)");
  try {
    read(String(text));
    return null;
  } catch (error) {
    if (!(error instanceof MountOptionsProblem)) throw error;
    return wrong(name, error.message, text);
  }
}

const optionsOf = (kind: ShareKind, text: unknown) =>
  options("mountOptions", text, MOUNT_OPTIONS_MAX_CHARACTERS, (said) => shareOptions(kind, said));

/** The value stays out of the error. */
const secret = (name: string, value: unknown): PropertyProblem | null =>
  typeof value === "string" &&
  value !== "" &&
  value.length <= SECRET_MAX_CHARACTERS &&
  !/[\0\r\n]/.test(value)
    ? null
    : wrong(name, `must have 1 to ${SECRET_MAX_CHARACTERS} characters on one line`, "(not shown)");

const accountName = (name: unknown): PropertyProblem | null =>
  /^[a-z0-9]{3,24}$/i.test(String(name))
    ? null
    : wrong("accountName", "must be the name of a storage account: 3 to 24 letters and digits", name);

const CREDENTIALS = ["accountKey", "sasKey", "identityReference"] as const;

export const blobMountRule: ObjectRule = (mount) => {
  const given = CREDENTIALS.filter((name) => mount[name] !== undefined);
  const [one, second] = given;
  const reason = `exactly one of ${CREDENTIALS.join(", ")} must be given`;
  if (one === undefined) return new PropertyProblem("MissingRequiredProperty", reason).within("accountKey");
  if (second !== undefined) return wrong(second, reason, "(not shown)");
  const credential =
    one === "identityReference"
      ? (identityReferenceProblem(mount.identityReference as object)?.within(one) ?? null)
      : secret(one, mount[one]);
  const { containerName } = mount;
  const isContainer = containerOf(String(mount.accountName), String(containerName)) !== undefined;
  return (
    credential ??
    accountName(mount.accountName) ??
    (isContainer ? null : wrong("containerName", "must be a container of the account", containerName)) ??
    relativePath(mount.relativeMountPath) ??
    options("blobfuseOptions", mount.blobfuseOptions, BLOBFUSE_OPTIONS_MAX_CHARACTERS, blobfuseOptions)
  );
};

export const nfsMountRule: ObjectRule = ({ source, relativeMountPath, mountOptions }) =>
  (nfsSource(String(source)) ? null : wrong("source", "must be of the form HOST:/PATH", source)) ??
  relativePath(relativeMountPath) ??
  optionsOf("nfs", mountOptions);

export const cifsMountRule: ObjectRule = ({ source, username, password, relativeMountPath, mountOptions }) =>
  (cifsSource(String(source)) ? null : wrong("source", "must be of the form //HOST/SHARE", source)) ??
  (/^[^\s\0,]{1,256}$/.test(String(username))
    ? null
    : wrong("username", "must have 1 to 256 characters without blanks and commas", username)) ??
  secret("password", password) ??
  relativePath(relativeMountPath) ??
  optionsOf("cifs", mountOptions);

export const fileShareMountRule: ObjectRule = (mount) =>
  accountName(mount.accountName) ??
  (fileShareSource(String(mount.azureFileUrl))
    ? null
    : wrong(
        "azureFileUrl",
        "must be of the form https://ACCOUNT.file.core.windows.net/SHARE",
        mount.azureFileUrl,
      )) ??
  secret("accountKey", mount.accountKey) ??
  relativePath(mount.relativeMountPath) ??
  optionsOf("cifs", mount.mountOptions);

/** No mount lies in another. */
export function mountsProblem(mounts: readonly MountConfiguration[]): PropertyProblem | null {
  const max = MOUNT_CONFIGURATIONS_MAX;
  if (mounts.length > max)
    return new PropertyProblem("InvalidPropertyValue", `may have at most ${max} entries`, mounts.length);
  const paths = mounts.map((mount) => {
    const kind = MOUNT_KINDS.find((name) => mount[name] !== undefined);
    return kind === undefined ? undefined : mount[kind]?.relativeMountPath;
  });
  for (const [at, path] of paths.entries()) {
    const other = paths.find(
      (one, place) => place < at && one !== undefined && path !== undefined && overlap(one, path),
    );
    if (other !== undefined)
      return wrong(
        "relativeMountPath",
        `must not be, or lie in, another mount's, nor the other way round`,
        path,
      ).within(`[${at}]`);
  }
  return null;
}

const overlap = (one: string, other: string): boolean =>
  `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
