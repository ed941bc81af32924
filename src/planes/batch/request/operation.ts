/** Ties a handler to its row of the generated table. A resource's file exports these; `operations.ts` gathers them. */
import type { BatchOperationId } from "../../../wire/batch/operations.gen.ts";
import type { BatchHandler } from "./context.ts";

export interface BatchOperationHandler {
  readonly id: BatchOperationId;
  readonly handle: BatchHandler;
}

export function operation(id: BatchOperationId, handle: BatchHandler): BatchOperationHandler {
  return { id, handle };
}
