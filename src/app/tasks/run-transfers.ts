/** What files come and go with a run, as its agent is told. */

import type { OutputFileSpec, ResourceFileSpec, RunSpec } from "../../wire/agent/messages.ts";
import type {
  OutputFile,
  OutputFileUploadCondition,
  ResourceFile,
} from "../../wire/batch/models-types.gen.ts";
import type { App, TaskAccount } from "../app.ts";

/** Where the account's files lie. */
export interface RunFiles {
  readonly account: TaskAccount;
  /** Of a container in the auto-storage account, for reading; empty where there is none. */
  readonly autoStorageUrl: (container: string) => string;
}

/** As long as Azure's own: a node may take a while to get to it. Milliseconds. */
const AUTO_STORAGE_URL_LIFE = 7 * 24 * 3_600_000;

export function runFiles(app: Pick<App, "account" | "clock" | "storage">, accountKey: number): RunFiles {
  const account = app.account(accountKey);
  const { autoStorage } = account;
  return {
    account,
    autoStorageUrl: (container) => {
      if (autoStorage === undefined) return "";
      const expiresAt = app.clock() + AUTO_STORAGE_URL_LIFE;
      return app.storage.sasUrl({ account: autoStorage, container, permissions: "rl", expiresAt });
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
  const { containerUrl = "", path, uploadHeaders = [] } = destination.container ?? {};
  return {
    pattern: filePattern,
    url: containerUrl,
    ...(path !== undefined && { path }),
    condition: CONDITIONS[uploadOptions.uploadCondition],
    headers: uploadHeaders.map(({ name, value = "" }) => [name, value] as const),
  };
}

function resourceFileSpec(file: ResourceFile, files: RunFiles): ResourceFileSpec {
  const { autoStorageContainerName, blobPrefix, filePath = "", fileMode = FILE_MODE } = file;
  const storageContainerUrl =
    autoStorageContainerName === undefined
      ? file.storageContainerUrl
      : files.autoStorageUrl(autoStorageContainerName);
  return {
    // Before 2018-08-01.7.0 the property was named blobSource.
    url: storageContainerUrl ?? file.httpUrl ?? file.blobSource ?? "",
    isContainer: storageContainerUrl !== undefined,
    ...(blobPrefix !== undefined && { prefix: blobPrefix }),
    path: filePath,
    mode: Number.parseInt(fileMode, 8),
  };
}
