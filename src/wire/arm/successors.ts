/** What takes the place of an operation of `Microsoft.Batch` that a later api-version of it no longer has. Source: the API descriptions. */
import { CERTIFICATES, type Successor } from "../batch/successors.ts";
import type { ArmOperationId } from "./operations.ts";

export const ARM_OPERATION_SUCCESSORS: Readonly<Partial<Record<ArmOperationId, Successor>>> = {
  "Microsoft.Batch/Certificate_CancelDeletion": CERTIFICATES,
  "Microsoft.Batch/Certificate_Create": CERTIFICATES,
  "Microsoft.Batch/Certificate_Delete": CERTIFICATES,
  "Microsoft.Batch/Certificate_Get": CERTIFICATES,
  "Microsoft.Batch/Certificate_ListByBatchAccount": CERTIFICATES,
  "Microsoft.Batch/Certificate_Update": CERTIFICATES,
  "Microsoft.Batch/Location_ListSupportedCloudServiceSkus": {
    fate: "gone",
    instead: "GET …/virtualMachineSkus, and pools with a virtual machine configuration",
    retired: "2024-02-29: pools of cloud services",
  },
};
