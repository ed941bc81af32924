/** The identity that a file is to be transferred as. Source: Azure Batch REST, "ComputeNodeIdentityReference". */
import type { ComputeNodeIdentityReference } from "../../wire/batch/models-types.gen.ts";
import { isIdentityId } from "../management/identity-id.ts";
import { PropertyProblem } from "../model/property-problem.ts";

/** Whether the pool has the identity shows on the node only: the job may have come before the pool. */
export function identityReferenceProblem(
  reference: ComputeNodeIdentityReference | undefined,
): PropertyProblem | null {
  if (reference === undefined) return null;
  const { resourceId } = reference;
  if (resourceId === undefined)
    return new PropertyProblem("MissingRequiredProperty", "must name the identity").within("resourceId");
  if (isIdentityId(resourceId)) return null;
  const reason = "must be the resource id of a user-assigned identity";
  return new PropertyProblem("InvalidPropertyValue", reason, resourceId).within("resourceId");
}
