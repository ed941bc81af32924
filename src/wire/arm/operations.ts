/** Every operation of Resource Manager: those of the API descriptions, and those written by hand, of which there is no description here. */
import { neighbourOperations } from "./neighbour-operations.ts";
import type { ArmOperation } from "./operation.ts";
import { armOperations as described } from "./operations.gen.ts";
import { storageOperations } from "./storage-operations.ts";

export const armOperations = { ...described, ...storageOperations, ...neighbourOperations };

export type ArmOperationId = keyof typeof armOperations;

armOperations satisfies Readonly<Record<ArmOperationId, ArmOperation>>;
