/** The smallest well-formed request of any operation of the data plane, to resources that do not exist. */
import { enumValues, isModelName, modelProperties } from "../../../src/core/model/model-table.ts";
import { batchApiVersions } from "../../../src/wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../../src/wire/batch/models.gen.ts";
import type { BatchOperation } from "../../../src/wire/batch/operation.ts";
import { type BatchOperationId, batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import { type BatchClient, type BatchReply, NEWEST_DESCRIBED } from "../batch-client.fixture.ts";

const NEWEST = batchApiVersions.findIndex(({ version }) => version === NEWEST_DESCRIBED);

/** @param withAutoPool a job, or a schedule's job, that asks for a pool of its own (without saying which: none is ever made) */
export function sendSmallest(
  client: BatchClient,
  id: BatchOperationId,
  withAutoPool = false,
): Promise<BatchReply> {
  const operation: BatchOperation = batchOperations[id];
  const version = Math.min(NEWEST, operation.until);
  const path = operation.path.replaceAll(/\{\w+\}/g, "absent");
  return client.send(operation.method, path, {
    version: batchApiVersions[version]?.version ?? "",
    ...(operation.body && { body: requestBody(operation.body, version, withAutoPool) }),
  });
}

function requestBody(model: BatchModelName, version: number, withAutoPool: boolean): object {
  const body = smallest(model, version);
  if (!withAutoPool) return body;
  const poolInfo = { autoPoolSpecification: { poolLifetimeOption: "job" } };
  return model.includes("JobSchedule") ? { ...body, jobSpecification: { poolInfo } } : { ...body, poolInfo };
}

function smallest(model: BatchModelName, version: number): object {
  const required = modelProperties(model, version).known.filter((property) => property.required);
  return Object.fromEntries(
    required.map(({ name, type, isArray }) => {
      if (isArray) return [name, name === "nodeList" ? ["absent"] : []];
      if (isModelName(type)) return [name, smallest(type, version)];
      if (name === "containerUrl") return [name, "https://absent.blob.core.windows.net/absent"];
      return [name, enumValues(type, version)?.[0] ?? SMALLEST[type] ?? "absent"];
    }),
  );
}

const SMALLEST: Readonly<Record<string, unknown>> = {
  int32: 1,
  int64: 1,
  double: 1,
  boolean: true,
  duration: "PT1H",
  "date-time": "2024-01-01T00:00:00Z",
  map: {},
  object: {},
};
