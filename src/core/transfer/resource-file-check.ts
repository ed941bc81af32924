/** What the properties of a resource file must be to each other. Source: Azure Batch REST, "ResourceFile". */
import type { ResourceFile } from "../../wire/batch/models-types.gen.ts";
import { PropertyProblem } from "../model/property-problem.ts";
import { identityReferenceProblem } from "./identity-reference-check.ts";
import { namesBelow } from "./relative-path.ts";

/** Permissions only: no file of a task's gets a set-user-id bit. */
const FILE_MODE = /^0{0,4}[0-7]{1,3}$/;

/** @param files of the right types; the first problem is told */
export function resourceFilesProblem(files: readonly ResourceFile[]): PropertyProblem | null {
  for (const [at, file] of files.entries()) {
    const found = problemOf(file);
    if (found) {
      const [name, reason] = found;
      const problem = new PropertyProblem("InvalidPropertyValue", reason, file[name]);
      return problem.within(name).within(`[${at}]`);
    }
    const identity = identityReferenceProblem(file.identityReference);
    if (identity) return identity.within("identityReference").within(`[${at}]`);
  }
  return null;
}

function problemOf(file: ResourceFile): readonly [keyof ResourceFile, string] | null {
  const { autoStorageContainerName, storageContainerUrl, httpUrl, blobSource } = file;
  const sources = [autoStorageContainerName, storageContainerUrl, httpUrl, blobSource];
  if (sources.filter((source) => source !== undefined).length !== 1)
    return [
      "httpUrl",
      "exactly one of autoStorageContainerName, storageContainerUrl and httpUrl must be given",
    ];
  const isFile = httpUrl !== undefined || blobSource !== undefined;
  for (const name of ["httpUrl", "blobSource", "storageContainerUrl"] as const) {
    if (file[name] !== undefined && !isHttpUrl(file[name])) return [name, "must be an http or https URL"];
  }
  if (isFile && !file.filePath) return ["filePath", "must name the file"];
  if (autoStorageContainerName !== undefined && file.identityReference !== undefined)
    return ["identityReference", "is the account's own choice for its auto-storage"];
  if (isFile && file.blobPrefix) return ["blobPrefix", "is for containers only"];
  const path = file.filePath?.replace(/^\.\/?$/, "");
  if (path && namesBelow(path) === undefined)
    return ["filePath", "must lie within the task's working folder"];
  if (isFile && file.filePath?.endsWith("/")) return ["filePath", "must name a file"];
  if (file.fileMode !== undefined && !FILE_MODE.test(file.fileMode))
    return ["fileMode", "must be POSIX permissions in octal, e.g. 0770"];
  return null;
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
