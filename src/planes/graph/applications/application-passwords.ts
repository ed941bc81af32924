/**
 * Secrets of applications: the reply that adds one is the only place where its value ever stands. A service principal has none of its
 * own here; in the tenant where its application is registered, adding one to it adds one to the application.
 */
import { randomUUID } from "node:crypto";
import { generateSecret, secretAdd, secretRemove } from "../../../app/directory/client-secret.ts";
import { badDirectoryRequest } from "../../../app/directory/directory-fault.ts";
import { type GraphContext, type GraphReply, operation } from "../request/context.ts";
import { versionUrl } from "../request/envelope.ts";
import { instantView, NEVER_ENDS } from "../request/instant-view.ts";
import { readBody } from "../request/json-body.ts";
import { namedServicePrincipal } from "../service-principals/named-service-principal.ts";
import { namedApplication } from "./named-application.ts";

/** "application: addPassword": two years where nothing is said. */
const DEFAULT_YEARS = 2;

export const add = operation("Applications_AddPassword", async (context) =>
  addPassword(context, (await namedApplication(context)).appId),
);

export const remove = operation("Applications_RemovePassword", async (context) =>
  removePassword(context, (await namedApplication(context)).appId),
);

export const addToPrincipal = operation("ServicePrincipals_AddPassword", async (context) =>
  addPassword(context, await ownAppId(context)),
);

export const removeFromPrincipal = operation("ServicePrincipals_RemovePassword", async (context) =>
  removePassword(context, await ownAppId(context)),
);

/** @throws Fault Request_BadRequest where the application is registered elsewhere: its secrets are not this tenant's to make */
async function ownAppId(context: GraphContext): Promise<string> {
  const { appId } = await namedServicePrincipal(context);
  const home = await context.plane.directory.homeTenantId(appId);
  if (home === context.tenantId) return appId;
  throw badDirectoryRequest("The service principal's application is not registered in this directory.");
}

/** @throws Fault Request_BadRequest */
async function addPassword({ plane, exchange }: GraphContext, appId: string): Promise<GraphReply> {
  const body = await readBody(exchange);
  const credential = body.object("passwordCredential");
  const displayName = credential?.text("displayName", 256) ?? null;
  const startAt = credential?.instant("startDateTime") ?? plane.clock();
  const end = credential?.instant("endDateTime") ?? yearsAfter(startAt, DEFAULT_YEARS);
  credential?.ignored("customKeyIdentifier", "keyId", "hint", "secretText");
  body.end();
  if (credential !== undefined && end <= startAt)
    throw credential.wrong("endDateTime", "must be later than startDateTime");
  const secret = generateSecret();
  const endAt = end >= NEVER_ENDS ? null : end;
  const added = { keyId: randomUUID(), secret, displayName, startAt, endAt };
  await secretAdd(plane.directory, appId, added);
  return {
    json: {
      "@odata.context": `${versionUrl(exchange)}/$metadata#microsoft.graph.passwordCredential`,
      customKeyIdentifier: null,
      displayName,
      endDateTime: instantView(endAt),
      hint: secret.slice(0, 3),
      keyId: added.keyId,
      secretText: secret,
      startDateTime: instantView(startAt),
    },
  };
}

/** @throws Fault Request_BadRequest for an id that is none of the application's */
async function removePassword({ plane, exchange }: GraphContext, appId: string): Promise<GraphReply> {
  const body = await readBody(exchange);
  const keyId = body.requiredGuid("keyId");
  body.end();
  if (!(await secretRemove(plane.directory, appId, keyId)))
    throw body.wrong("keyId", "is no password credential of the application");
  return {};
}

function yearsAfter(time: number, years: number): number {
  const date = new Date(time);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}
