/** What files come and go with a run, as its agent is told. */

import type { OutputFileSpec, RegistryAccess, ResourceFileSpec, RunSpec } from "../../wire/agent/messages.ts";
import type {
  ComputeNodeIdentityReference,
  ContainerRegistry,
  OutputFile,
  OutputFileUploadCondition,
  ResourceFile,
} from "../../wire/batch/models-types.gen.ts";
import type { TaskAccount } from "../accounts/task-account.ts";
import type { App } from "../app.ts";
import { registryAccess } from "../secrets/registry-passwords.ts";

/** Where files are, and as which identity they are asked for. */
type Source = Pick<ResourceFileSpec, "url" | "identity">;

/** Where the account's files lie, and as whom its images are to be had. */
export interface RunFiles {
  readonly registry: (registry: ContainerRegistry) => RegistryAccess;
  readonly account: TaskAccount;
  /** A container in the auto-storage account, for reading; with an empty URL where there is none. */
  readonly autoStorage: (container: string) => Source;
}

/** As long as Azure's own: a node may take a while to get to it. Milliseconds. */
const AUTO_STORAGE_URL_LIFE = 7 * 24 * 3_600_000;

export function runFiles(
  app: Pick<App, "account" | "clock" | "sealing" | "storage">,
  accountKey: number,
): RunFiles {
  const account = app.account(accountKey);
  const { autoStorage, autoStorageIdentity } = account;
  return {
    account,
    registry: (registry) => registryAccess(app.sealing, registry),
    autoStorage: (container) => {
      if (autoStorage === undefined) return { url: "" };
      if (autoStorageIdentity !== undefined) {
        const { resourceId } = autoStorageIdentity;
        const url = `${app.storage.url(autoStorage, "azure")}/${encodeURIComponent(container)}`;
        return { url, ...(resourceId !== undefined && { identity: resourceId }) };
      }
      const expiresAt = app.clock() + AUTO_STORAGE_URL_LIFE;
      return {
        url: app.storage.sasUrl({ account: autoStorage, container, permissions: "rl", expiresAt }),
      };
    },
  };
}

interface WithFiles {
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly outputFiles?: readonly OutputFile[] | undefined;
}

/** Azure's default on Linux. */
const FILE_MODE = "0770";

export function runTransfers(
  { resourceFiles = [], outputFiles = [] }: WithFiles,
  files: RunFiles,
): Pick<RunSpec, "resourceFiles" | "outputFiles"> {
  return {
    ...(resourceFiles.length > 0 && {
      resourceFiles: resourceFiles.map((file) => resourceFileSpec(file, files)),
    }),
    ...(outputFiles.length > 0 && { outputFiles: outputFiles.map(outputFileSpec) }),
  };
}

const CONDITIONS: Readonly<Record<OutputFileUploadCondition, OutputFileSpec["condition"]>> = {
  tasksuccess: "success",
  taskfailure: "failure",
  taskcompletion: "completion",
};

function outputFileSpec({ filePattern, destination, uploadOptions }: OutputFile): OutputFileSpec {
  const { containerUrl = "", path, uploadHeaders = [], identityReference } = destination.container ?? {};
  return {
    pattern: filePattern,
    url: containerUrl,
    ...(path !== undefined && { path }),
    condition: CONDITIONS[uploadOptions.uploadCondition],
    headers: uploadHeaders.map(({ name, value = "" }) => [name, value] as const),
    ...identityOf(identityReference),
  };
}

function resourceFileSpec(file: ResourceFile, files: RunFiles): ResourceFileSpec {
  const { autoStorageContainerName, storageContainerUrl, blobPrefix, filePath = "" } = file;
  const { fileMode = FILE_MODE } = file;
  const source: Source =
    autoStorageContainerName === undefined
      ? {
          // Before 2018-08-01.7.0 the property was named blobSource.
          url: storageContainerUrl ?? file.httpUrl ?? file.blobSource ?? "",
          ...identityOf(file.identityReference),
        }
      : files.autoStorage(autoStorageContainerName);
  return {
    ...source,
    isContainer: (autoStorageContainerName ?? storageContainerUrl) !== undefined,
    ...(blobPrefix !== undefined && { prefix: blobPrefix }),
    path: filePath,
    mode: Number.parseInt(fileMode, 8),
  };
}

function identityOf(reference: ComputeNodeIdentityReference | undefined): Pick<Source, "identity"> {
  return reference?.resourceId === undefined ? {} : { identity: reference.resourceId };
}
