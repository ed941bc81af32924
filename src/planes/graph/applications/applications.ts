/** Applications. Their passwords and federated credentials have files of their own. */
import {
  type Application,
  applicationCount,
  applicationCreate,
  applicationDelete,
  applicationPage,
  applicationRead,
  applicationReadByUri,
  applicationUpdate,
} from "../../../app/directory/application.ts";
import {
  certificatesReplace,
  checkCertificateChange,
} from "../../../app/directory/certificate-credential.ts";
import { APPLICATIONS } from "../entity-sets.ts";
import { candidates } from "../request/candidates.ts";
import { collection } from "../request/collection.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { readBody } from "../request/json-body.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { applicationBody } from "./application-body.ts";
import { applicationView, credentialsView } from "./application-view.ts";
import { namedApplication } from "./named-application.ts";

export const list = operation("Applications_List", async (context) => {
  const { plane, tenantId } = context;
  const byId = (id: string) => applicationRead(plane.directory, tenantId, id);
  const byUri = (uri: string) => applicationReadByUri(plane.directory, tenantId, uri);
  const { directory } = plane;
  const keys = { id: byId, appId: byId, "identifierUris/any": byUri };
  const [found, tenant] = await Promise.all([
    candidates(context, APPLICATIONS, keys),
    directory.tenant(tenantId),
  ]);
  const view = (application: Application) => applicationView(application, tenant);
  const page = (after: string, limit: number) => applicationPage(directory, tenantId, after, limit);
  const all = collection(page, () => applicationCount(directory, tenantId), view);
  return listReply(context, APPLICATIONS, found?.map(view) ?? all, async (shown) => ({
    ...shown,
    ...(await credentialsView(directory, shown.appId)),
  }));
});

/** Graph's, not the portal's. */
const DEFAULTS = { signInAudience: "AzureADandPersonalMicrosoftAccount" } as const;

export const create = operation("Applications_Create", async (context) => {
  const { plane, tenantId } = context;
  const body = await readBody(context.exchange);
  body.requiredText("displayName");
  const { change, certificates = [] } = applicationBody(body);
  if (certificates.some((each) => "keptKeyId" in each)) throw body.wrong("keyCredentials", "needs a key");
  const { displayName = "", ...rest } = change;
  const created = await applicationCreate(
    plane.directory,
    tenantId,
    { ...DEFAULTS, displayName, ...rest },
    plane.clock(),
  );
  if (certificates.length > 0) await certificatesReplace(plane.directory, created.appId, certificates);
  return createdReply(context, APPLICATIONS, await wholeView(context, created));
});

export const get = operation("Applications_Get", async (context) => {
  return objectReply(context, APPLICATIONS, await wholeView(context, await namedApplication(context)));
});

export const update = operation("Applications_Update", async (context) => {
  const { directory } = context.plane;
  const application = await namedApplication(context);
  const { change, certificates } = applicationBody(
    await readBody(context.exchange),
    application.registration,
  );
  // First all that can fail: bad input changes nothing.
  if (certificates !== undefined) await checkCertificateChange(directory, application.appId, certificates);
  await applicationUpdate(directory, context.tenantId, application.objectId, change);
  if (certificates !== undefined) await certificatesReplace(directory, application.appId, certificates);
  return {};
});

export const remove = operation("Applications_Delete", async (context) => {
  const { objectId } = await namedApplication(context);
  await applicationDelete(context.plane.directory, context.tenantId, objectId, context.plane.clock());
  return {};
});

async function wholeView({ plane: { directory } }: GraphContext, application: Application) {
  const tenant = await directory.tenant(application.tenantId);
  return {
    ...applicationView(application, tenant),
    ...(await credentialsView(directory, application.appId)),
  };
}
