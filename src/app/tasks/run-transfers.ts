/** What files come and go with a run, as its agent is told. */
import type { ResourceFileSpec, RunSpec } from "../../wire/agent/messages.ts";
import type { ResourceFile } from "../../wire/batch/models-types.gen.ts";

interface WithFiles {
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
}

/** Azure's default on Linux. */
const FILE_MODE = "0770";

export function runTransfers({ resourceFiles = [] }: WithFiles): Pick<RunSpec, "resourceFiles"> {
  return resourceFiles.length === 0 ? {} : { resourceFiles: resourceFiles.map(resourceFileSpec) };
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
