/** Federated credentials of user-assigned identities. */
import {
  type FederatedCredential,
  federatedCredentialList,
  federatedCredentialRemove,
  federatedCredentialWrite,
} from "../../../app/identities/federated-credentials.ts";
import { IDENTITY_TYPE, type Identity, identityScope } from "../../../app/identities/identity.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { armFault } from "../request/arm-fault.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { namedIdentity } from "./named-identity.ts";

const OPERATIONS = "Microsoft.ManagedIdentity/FederatedIdentityCredentials";
const TYPE = "federatedIdentityCredentials";

export const listFederatedCredentials = operation(`${OPERATIONS}_List`, async (context) => {
  const identity = await namedIdentity(context);
  const credentials = await federatedCredentialList(context.plane, identity);
  return { json: { value: credentials.map((credential) => credentialView(identity, credential)) } };
});

export const getFederatedCredential = operation(`${OPERATIONS}_Get`, async (context) => {
  const identity = await namedIdentity(context);
  const name = context.path.federatedIdentityCredentialResourceName ?? "";
  const credentials = await federatedCredentialList(context.plane, identity);
  const found = credentials.find((credential) => asciiLowerCase(credential.name) === asciiLowerCase(name));
  if (!found)
    throw armFault("ResourceNotFound", `The identity '${identity.name}' has no credential '${name}'.`);
  return { json: credentialView(identity, found) };
});

export const putFederatedCredential = operation(`${OPERATIONS}_CreateOrUpdate`, async (context) => {
  const identity = await namedIdentity(context);
  const name = context.path.federatedIdentityCredentialResourceName ?? "";
  const { properties } = await readJsonBody(context.exchange);
  const asked = credentialOf(name, properties);
  const { credential, isNew } = await federatedCredentialWrite(context.plane, identity, asked);
  return { status: isNew ? 201 : 200, json: credentialView(identity, credential) };
});

export const deleteFederatedCredential = operation(`${OPERATIONS}_Delete`, async (context) => {
  const identity = await namedIdentity(context);
  const name = context.path.federatedIdentityCredentialResourceName ?? "";
  return { status: (await federatedCredentialRemove(context.plane, identity, name)) ? 200 : 204 };
});

/** @throws Fault InvalidRequestContent */
function credentialOf(name: string, properties: unknown): FederatedCredential {
  const { issuer, subject, audiences } = (properties ?? {}) as Record<string, unknown>;
  const missing = [
    typeof issuer === "string" && issuer !== "" ? [] : ["issuer"],
    typeof subject === "string" && subject !== "" ? [] : ["subject"],
    Array.isArray(audiences) && audiences.length > 0 && audiences.every((one) => typeof one === "string")
      ? []
      : ["audiences"],
  ].flat();
  if (missing.length > 0)
    throw armFault("InvalidRequestContent", `Missing or malformed in 'properties': ${missing.join(", ")}.`);
  return { name, issuer: String(issuer), subject: String(subject), audiences: audiences as string[] };
}

function credentialView(identity: Identity, { name, ...properties }: FederatedCredential): object {
  return {
    id: `${identityScope(identity)}/${TYPE}/${name}`,
    name,
    type: `${IDENTITY_TYPE}/${TYPE}`,
    properties,
  };
}
