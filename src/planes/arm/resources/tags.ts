/** Tags of subscriptions, of their resource groups and of Batch accounts as a resource of their own. Source: "Tags - Create Or Update At Scope". */

import { accountFind } from "../../../app/management/account-read.ts";
import { accountPatch } from "../../../app/management/account-write.ts";
import { resourceList } from "../../../app/management/resource-list.ts";
import { resourceGroupList, resourceGroupScope } from "../../../app/subscriptions/resource-group-read.ts";
import { resourceGroupPatch } from "../../../app/subscriptions/resource-group-write.ts";
import { subscriptionScope } from "../../../app/subscriptions/subscription-read.ts";
import { subscriptionTags, subscriptionTagsChange } from "../../../app/subscriptions/subscription-tags.ts";
import {
  invalidContent,
  type JsonObject,
  optionalObject,
  wordOf,
} from "../../../core/management/json-body.ts";
import { type Tags, tagsOf } from "../../../core/management/tags.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext, ArmReply } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";

export const getTags = operation("Microsoft.Resources/Tags_GetAtScope", async (context) => {
  return reply(context, await taggedAt(context).read());
});

export const putTags = operation("Microsoft.Resources/Tags_CreateOrUpdateAtScope", async (context) => {
  const wanted = wantedTags(await readJsonBody(context.exchange));
  return reply(context, await taggedAt(context).replace(() => wanted));
});

export const updateTags = operation("Microsoft.Resources/Tags_UpdateAtScope", async (context) => {
  const body = await readJsonBody(context.exchange);
  const change = CHANGES[wordOf(body.operation, ["Replace", "Merge", "Delete"], "operation")];
  const wanted = wantedTags(body);
  return reply(context, await taggedAt(context).replace((known) => change(known, wanted)));
});

export const deleteTags = operation("Microsoft.Resources/Tags_DeleteAtScope", async (context) => {
  await taggedAt(context).replace(() => ({}));
  return { status: 200 };
});

type Change = (known: Tags, wanted: Tags) => Tags;

const without: Change = (known, wanted) => {
  const names = new Set(Object.keys(wanted).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(known).filter(([name]) => !names.has(name.toLowerCase())));
};

const CHANGES: Readonly<Record<"Replace" | "Merge" | "Delete", Change>> = {
  Replace: (_, wanted) => wanted,
  Merge: (known, wanted) => ({ ...without(known, wanted), ...wanted }),
  Delete: without,
};

interface Tagged {
  read(): Promise<Tags>;
  replace(change: (known: Tags) => Tags): Promise<Tags>;
}

/** All names and values in use. Source: "Tags - List". */
export const listTags = operation("Microsoft.Resources/Tags_List", async ({ plane, parent, allowedAt }) => {
  const { subscription } = parent;
  const groups = await resourceGroupList(plane, subscription);
  const resources = await resourceList(plane, { subscription });
  const carriers = [
    ...groups.map((group) => ({ id: resourceGroupScope(group), tags: group.tags })),
    ...resources,
    { id: subscriptionScope(subscription), tags: await subscriptionTags(plane, subscription) },
  ].filter(({ id }) => allowedAt(id));
  const used = carriers.flatMap(({ tags }) => Object.entries(tags));
  const value = [...Map.groupBy(used, ([name]) => name)].map(([name, entries]) => ({
    id: `${subscriptionScope(subscription)}/tagNames/${name}`,
    tagName: name,
    count: { type: "Total", value: entries.length },
    values: [...Map.groupBy(entries, ([, text]) => text)].map(([text, same]) => ({
      id: `${subscriptionScope(subscription)}/tagNames/${name}/tagValues/${text}`,
      tagValue: text,
      count: { type: "Total", value: same.length },
    })),
  }));
  return { json: { value } };
});

const SUBSCRIPTION = /^\/subscriptions\/[^/]+$/i;
const GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i;
const ACCOUNT =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.batch\/batchaccounts\/([^/]+)$/i;

/** @throws Fault ResourceNotFound: other scopes carry no tags here */
function taggedAt({ plane, parent, path }: ArmContext): Tagged {
  const scope = path.scope ?? "";
  if (SUBSCRIPTION.test(scope)) {
    const { subscription } = parent;
    return {
      read: () => subscriptionTags(plane, subscription),
      replace: (change) => subscriptionTagsChange(plane, subscription, change),
    };
  }
  if (GROUP.test(scope)) {
    const { group } = parent;
    return {
      read: async () => group.tags,
      replace: async (change) =>
        (await resourceGroupPatch(plane, group, { tags: change(group.tags) }))?.tags ?? missing(scope),
    };
  }
  const name = ACCOUNT.exec(scope)?.[1];
  if (name === undefined) return missing(scope);
  const read = async () => (await accountFind(plane, parent.group, name))?.spec.tags ?? missing(scope);
  return {
    read,
    replace: async (change) => {
      const body = { tags: change(await read()) };
      return (
        (await accountPatch(plane, parent.group, { name, body, tenantId: parent.subscription.tenantId }))
          ?.spec.tags ?? missing(scope)
      );
    },
  };
}

function missing(scope: string): never {
  throw armFault("ResourceNotFound", `There is nothing with tags at '${scope}'.`);
}

function wantedTags(body: JsonObject): Tags {
  const tags = tagsOf(optionalObject(body, "properties") ?? {});
  if (tags === undefined) throw invalidContent("properties.tags", "is required");
  return tags;
}

function reply({ path }: ArmContext, tags: Tags): ArmReply {
  return {
    status: 200,
    json: {
      id: `${path.scope}/providers/Microsoft.Resources/tags/default`,
      name: "default",
      type: "Microsoft.Resources/tags",
      properties: { tags },
    },
  };
}
