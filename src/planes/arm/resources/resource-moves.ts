/** Moving resources between resource groups. Sources: "Resources - Move Resources", "Resources - Validate Move Resources". */
import {
  MOVED_MAX,
  type Move,
  resourcesMove,
  resourcesMoveCheck,
} from "../../../app/management/resources-move.ts";
import { resourceGroupFind, resourceGroupScope } from "../../../app/subscriptions/resource-group-read.ts";
import { subscriptionFind } from "../../../app/subscriptions/subscription-read.ts";
import { invalidContent, optionalList, requiredText } from "../../../core/management/json-body.ts";
import { moveAccepted } from "../operation-results.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { groupNotFound } from "../request/parent.ts";

/** Done before it is answered; that it is done is told as the real service does. */
export const moveResources = operation("Microsoft.Resources/Resources_MoveResources", async (context) => {
  await resourcesMove(context.plane, await wantedMove(context));
  return moveAccepted(context);
});

/** What would be refused is refused at once. */
export const validateMove = operation(
  "Microsoft.Resources/Resources_ValidateMoveResources",
  async (context) => {
    await resourcesMoveCheck(context.plane, await wantedMove(context));
    return moveAccepted(context);
  },
);

const GROUP = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/?$/i;
const GROUP_WRITE = {
  name: "Microsoft.Resources/subscriptions/resourceGroups/write",
  kind: "action",
} as const;

/** @throws Fault InvalidRequestContent, LinkedAuthorizationFailed, ResourceGroupNotFound */
async function wantedMove(context: ArmContext): Promise<Move> {
  const { plane, parent, principal, exchange, requireLinked } = context;
  const body = await readJsonBody(exchange);
  const resources = optionalList(body, "resources") ?? [];
  if (
    resources.length === 0 ||
    resources.length > MOVED_MAX ||
    !resources.every((id) => typeof id === "string")
  )
    throw invalidContent("resources", `must name one to ${MOVED_MAX} resources`);
  const target = requiredText(body, "targetResourceGroup");
  const [, subscriptionId = "", name = ""] = GROUP.exec(target) ?? [];
  if (name === "") throw invalidContent("targetResourceGroup", "must be the id of a resource group");
  // Whether it is there is for those who may write to it.
  requireLinked(GROUP_WRITE, resourceGroupScope({ subscriptionId, name }));
  const subscription = await subscriptionFind(plane, subscriptionId);
  const group =
    subscription?.tenantId === principal.tenantId
      ? await resourceGroupFind(plane, subscription, name)
      : undefined;
  if (!subscription || !group) throw groupNotFound(name);
  return { from: parent, to: { subscription, group }, resources: resources as string[] };
}
