/** Federated credentials of applications: named by their id or, as they may be, by their name. */
import { directoryObjectMissing } from "../../../app/directory/directory-fault.ts";
import {
  type FederatedCredentialRecord,
  federatedCredentialAdd,
  federatedCredentialList,
  federatedCredentialRemove,
  federatedCredentialUpdate,
} from "../../../app/directory/federated-credential.ts";
import { FEDERATED_CREDENTIALS } from "../entity-sets.ts";
import { type GraphContext, operation } from "../request/context.ts";
import { type JsonBody, readBody } from "../request/json-body.ts";
import { keyOf } from "../request/key.ts";
import { createdReply, listReply, objectReply } from "../request/list.ts";
import { namedApplication } from "./named-application.ts";

export const list = operation("FederatedIdentityCredentials_List", async (context) => {
  const { appId } = await namedApplication(context);
  const credentials = await federatedCredentialList(context.plane.directory, appId);
  return listReply(context, FEDERATED_CREDENTIALS, credentials.map(credentialView));
});

export const create = operation("FederatedIdentityCredentials_Create", async (context) => {
  const { appId } = await namedApplication(context);
  const body = await readBody(context.exchange);
  const given = {
    name: body.requiredText("name"),
    issuer: body.requiredText("issuer"),
    subject: body.requiredText("subject"),
    audience: audienceOf(body) ?? missing(body, "audiences"),
    description: body.text("description") ?? null,
  };
  body.end();
  const record = await federatedCredentialAdd(context.plane.directory, appId, given);
  return createdReply(context, FEDERATED_CREDENTIALS, credentialView(record));
});

export const get = operation("FederatedIdentityCredentials_Get", async (context) => {
  return objectReply(context, FEDERATED_CREDENTIALS, credentialView((await named(context)).record));
});

export const update = operation("FederatedIdentityCredentials_Update", async (context) => {
  const { appId, record } = await named(context);
  const body = await readBody(context.exchange);
  const name = body.givenText("name");
  if (name !== undefined && name !== record.name) throw body.wrong("name", "cannot be changed");
  const description = body.text("description");
  const next = {
    ...record,
    issuer: body.givenText("issuer") ?? record.issuer,
    subject: body.givenText("subject") ?? record.subject,
    audience: audienceOf(body) ?? record.audience,
    description: description === undefined ? record.description : description,
  };
  body.end();
  await federatedCredentialUpdate(context.plane.directory, appId, next);
  return {};
});

export const remove = operation("FederatedIdentityCredentials_Delete", async (context) => {
  const { appId, record } = await named(context);
  await federatedCredentialRemove(context.plane.directory, appId, record.id);
  return {};
});

/** @throws Fault Request_ResourceNotFound */
async function named(
  context: GraphContext,
): Promise<{ readonly appId: string; readonly record: FederatedCredentialRecord }> {
  const { appId } = await namedApplication(context);
  const { value } = keyOf(context.path.credentialId, "name");
  const all = await federatedCredentialList(context.plane.directory, appId);
  const record = all.find(({ id, name }) => id === value.toLowerCase() || name === value);
  if (record === undefined) throw directoryObjectMissing("federated credential", value);
  return { appId, record };
}

/** "federatedIdentityCredential": the list holds exactly one. */
function audienceOf(body: JsonBody): string | undefined {
  const audiences = body.texts("audiences") ?? undefined;
  if (audiences !== undefined && audiences.length !== 1)
    throw body.wrong("audiences", "must hold exactly one audience");
  return audiences?.[0];
}

function missing(body: JsonBody, name: string): never {
  throw body.wrong(name, "is required");
}

function credentialView({ id, name, description, issuer, subject, audience }: FederatedCredentialRecord) {
  return { id, name, issuer, subject, description, audiences: [audience] };
}
