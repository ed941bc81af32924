/** Every operation of Resource Manager: those of the API descriptions, and those of Storage, of which there is no description here. */
import type { ArmOperation } from "./operation.ts";
import { armOperations as described } from "./operations.gen.ts";
import { storageOperations } from "./storage-operations.ts";

export const armOperations = { ...described, ...storageOperations };

export type ArmOperationId = keyof typeof armOperations;

armOperations satisfies Readonly<Record<ArmOperationId, ArmOperation>>;
