/** User-assigned managed identities. */

import { IDENTITY_TYPE, type Identity, identityScope } from "../../../app/identities/identity.ts";
import { identityList } from "../../../app/identities/identity-read.ts";
import { identityPut, identityRemove } from "../../../app/identities/identity-write.ts";
import { type IdentityUse, identityUses } from "../../../app/management/identity-uses.ts";
import { accountLocations } from "../../../app/management/location-list.ts";
import { requiredLocation } from "../../../core/management/location-name.ts";
import { tagsOf } from "../../../core/management/tags.ts";
import type { Query } from "../../../http/query.ts";
import { armFault } from "../request/arm-fault.ts";
import { readJsonBody } from "../request/json-body.ts";
import { listFilter } from "../request/list-query.ts";
import { filteredList, operation } from "../request/operation.ts";
import { namedIdentity } from "./named-identity.ts";

const OPERATIONS = "Microsoft.ManagedIdentity/UserAssignedIdentities";

export const listIdentities = filteredList(`${OPERATIONS}_ListBySubscription`, {
  fetch: ({ plane, parent: { subscription } }) => identityList(plane, { subscription }),
  scopeOf: identityScope,
  view: identityView,
});

export const listIdentitiesOfGroup = filteredList(`${OPERATIONS}_ListByResourceGroup`, {
  fetch: ({ plane, parent: { group } }) => identityList(plane, { group }),
  scopeOf: identityScope,
  view: identityView,
});

export const getIdentity = operation(`${OPERATIONS}_Get`, async (context) => ({
  json: identityView(await namedIdentity(context)),
}));

export const putIdentity = operation(
  `${OPERATIONS}_CreateOrUpdate`,
  async ({ plane, exchange, parent, path }) => {
    const body = await readJsonBody(exchange);
    const location = requiredLocation(body, IDENTITY_TYPE, [
      parent.group.location,
      ...accountLocations(plane),
    ]);
    const { identity, isNew } = await identityPut(plane, parent, {
      name: path.resourceName ?? "",
      location,
      tags: tagsOf(body) ?? {},
    });
    return { status: isNew ? 201 : 200, json: identityView(identity) };
  },
);

export const updateIdentity = operation(`${OPERATIONS}_Update`, async (context) => {
  const known = await namedIdentity(context);
  const body = await readJsonBody(context.exchange);
  const { identity } = await identityPut(context.plane, context.parent, {
    name: known.name,
    location: known.location,
    tags: tagsOf(body) ?? known.tags,
  });
  return { json: identityView(identity) };
});

export const deleteIdentity = operation(`${OPERATIONS}_Delete`, async ({ plane, parent, path }) => ({
  status: (await identityRemove(plane, parent, path.resourceName ?? "")) ? 200 : 204,
}));

/** What has it: Batch accounts and their pools. All in its tenant, for nothing else can have it. */
export const listAssociatedResources = operation(`${OPERATIONS}_ListAssociatedResources`, async (context) => {
  const { plane, exchange } = context;
  const { query } = exchange;
  const matches = listFilter(query, ASSOCIATED);
  const all = (await identityUses(plane, await namedIdentity(context))).filter((use) => matches(use));
  const [property = "", order] = (query.get("$orderby") ?? "id").trim().split(/\s+/);
  if (!isAssociated(property) || !/^(asc|desc)?$/i.test(order ?? ""))
    throw armFault(
      "InvalidQueryParameter",
      `$orderby takes one of ${ASSOCIATED.join(", ")}, and asc or desc.`,
    );
  const sign = order?.toLowerCase() === "desc" ? -1 : 1;
  all.sort((a, b) => sign * (a[property] < b[property] ? -1 : a[property] > b[property] ? 1 : 0));
  const skip = countOf(query, "$skip") ?? 0;
  const end = skip + (countOf(query, "$top") ?? all.length);
  return { json: { totalCount: all.length, value: all.slice(skip, end) } };
});

const ASSOCIATED = [
  "id",
  "name",
  "type",
  "resourceGroup",
  "subscriptionId",
  "subscriptionDisplayName",
] as const satisfies (keyof IdentityUse)[];

const isAssociated = (name: string): name is (typeof ASSOCIATED)[number] =>
  ASSOCIATED.some((known) => known === name);

function countOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined || /^\d{1,6}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw armFault("InvalidQueryParameter", `${name} must be a whole number.`);
}

function identityView(identity: Identity): object {
  const { name, location, tags, tenantId, principalId, clientId } = identity;
  return {
    id: identityScope(identity),
    name,
    type: IDENTITY_TYPE,
    location,
    tags,
    properties: { tenantId, principalId, clientId },
  };
}
