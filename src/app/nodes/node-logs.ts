/**
 * Sends what the agent has done on a node to a container of blobs. It is there when the request is answered: what cannot be sent is told
 * to whoever asked. Source: Azure Batch REST, "Compute Node - Upload Batch Service Logs".
 */
import { randomUUID } from "node:crypto";
import { Fault } from "../../core/fault.ts";
import type {
  UploadBatchServiceLogsConfiguration,
  UploadBatchServiceLogsResult,
} from "../../wire/batch/models-types.gen.ts";
import { type NodeTarget, nodeFind } from "./node-read.ts";
import { standingAgent } from "./standing-node.ts";

/** @throws Fault InvalidPropertyValue, and those of the node's state */
export async function nodeLogsUpload(
  target: NodeTarget,
  { containerUrl, startTime, endTime, identityReference }: UploadBatchServiceLogsConfiguration,
): Promise<UploadBatchServiceLogsResult> {
  const [app] = target;
  const [from, until] = [startTime, endTime].map((time) => time && new Date(time).toISOString());
  if (until && from && until < from) throw backwards(until);
  const { pool, node } = await nodeFind(app.store.read, target);
  const virtualDirectoryName = `${pool.id}/${node.id}/${randomUUID()}`;
  const numberOfFilesUploaded = await app.agents.nodeLogs(standingAgent(node), String(node.key), {
    url: containerUrl,
    folder: virtualDirectoryName,
    from: from ?? "",
    ...(until && { until }),
    ...(identityReference?.resourceId !== undefined && { identity: identityReference.resourceId }),
  });
  return { virtualDirectoryName, numberOfFilesUploaded };
}

function backwards(until: string): Fault {
  const values = [
    { key: "PropertyName", value: "endTime" },
    { key: "PropertyValue", value: until },
    { key: "Reason", value: "It must not be before startTime." },
  ];
  return new Fault("InvalidPropertyValue", "", { values });
}
