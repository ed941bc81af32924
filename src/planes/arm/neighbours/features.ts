/** Preview features of providers: none has any here, so each list is empty and each name is unknown. */
import type { ArmOperationId } from "../../../wire/arm/operations.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { operation } from "../request/operation.ts";

const none = (id: ArmOperationId) => operation(id, async () => ({ json: { value: [] } }));

export const listAllFeatures = none("Microsoft.Features/Features_ListAll");
export const listFeatures = none("Microsoft.Features/Features_List");
export const listRegistrations = none(
  "Microsoft.Features/SubscriptionFeatureRegistrations_ListBySubscription",
);
export const listAllRegistrations = none(
  "Microsoft.Features/SubscriptionFeatureRegistrations_ListAllBySubscription",
);

const missing = async ({ path }: ArmContext): Promise<never> => {
  throw armFault(
    "FeatureNotFound",
    `The feature '${path.featureName}' could not be found in the namespace '${path.resourceProviderNamespace}': no provider has preview features here.`,
  );
};

export const getFeature = operation("Microsoft.Features/Features_Get", missing);
export const registerFeature = operation("Microsoft.Features/Features_Register", missing);
export const unregisterFeature = operation("Microsoft.Features/Features_Unregister", missing);
