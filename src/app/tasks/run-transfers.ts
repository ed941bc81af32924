/** What files come and go with a run, as its agent is told. */
import type { OutputFileSpec, ResourceFileSpec, RunSpec } from "../../wire/agent/messages.ts";
import type {
  OutputFile,
  OutputFileUploadCondition,
  ResourceFile,
} from "../../wire/batch/models-types.gen.ts";

interface WithFiles {
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  readonly outputFiles?: readonly OutputFile[] | undefined;
}

/** Azure's default on Linux. */
const FILE_MODE = "0770";

export function runTransfers({
  resourceFiles = [],
  outputFiles = [],
}: WithFiles): Pick<RunSpec, "resourceFiles" | "outputFiles"> {
  return {
    ...(resourceFiles.length > 0 && { resourceFiles: resourceFiles.map(resourceFileSpec) }),
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

function resourceFileSpec(file: ResourceFile): ResourceFileSpec {
  const { storageContainerUrl, blobPrefix, filePath = "", fileMode = FILE_MODE } = file;
  return {
    // Before 2018-08-01.7.0 the property was named blobSource.
    url: storageContainerUrl ?? file.httpUrl ?? file.blobSource ?? "",
    isContainer: storageContainerUrl !== undefined,
    ...(blobPrefix !== undefined && { prefix: blobPrefix }),
    path: filePath,
    mode: Number.parseInt(fileMode, 8),
  };
}
