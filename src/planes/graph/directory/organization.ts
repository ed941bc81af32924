/** The tenant itself, and its domains. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import { type Domain, domainList } from "../../../app/directory/tenant.ts";
import { DOMAINS, ORGANIZATION } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { keyOf } from "../request/key.ts";
import { listReply, objectReply } from "../request/list.ts";

export const list = operation("Organization_List", async (context) =>
  listReply(context, ORGANIZATION, [await organization(context)]),
);

export const get = operation("Organization_Get", async (context) => {
  const own = await organization(context);
  const { value } = keyOf(context.path.id, "id");
  if (value.toLowerCase() !== own.id) throw directoryObjectMissing("organization", value);
  return objectReply(context, ORGANIZATION, own);
});

export const domains = operation("Domains_List", async (context) =>
  listReply(context, DOMAINS, (await domainsOf(context)).map(domainView)),
);

export const domain = operation("Domains_Get", async (context) => {
  const { value } = keyOf(context.path.id, "id");
  const found = (await domainsOf(context)).find(({ name }) => name === value.toLowerCase());
  if (found === undefined) throw directoryObjectMissing("domain", value);
  return objectReply(context, DOMAINS, domainView(found));
});

async function organization(context: GraphContext) {
  const { plane, tenantId } = context;
  const [tenant, domains] = await Promise.all([plane.directory.tenant(tenantId), domainsOf(context)]);
  return {
    id: tenantId,
    displayName: tenant?.displayName ?? null,
    tenantType: "AAD",
    assignedPlans: [],
    businessPhones: [],
    countryLetterCode: null,
    preferredLanguage: null,
    technicalNotificationMails: [],
    verifiedDomains: domains.map(({ name, isDefault }) => ({
      capabilities: "",
      isDefault,
      isInitial: isDefault,
      name,
      type: "Managed",
    })),
  };
}

async function domainsOf({ plane, tenantId }: GraphContext): Promise<readonly Domain[]> {
  const tenant = await plane.directory.tenant(tenantId);
  return tenant === undefined ? [] : domainList(plane.directory, tenant);
}

function domainView({ name, isDefault }: Domain) {
  return {
    id: name,
    authenticationType: "Managed",
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault,
    isInitial: isDefault,
    isRoot: true,
    isVerified: true,
    supportedServices: [],
  };
}
