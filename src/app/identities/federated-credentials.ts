/**
 * Who outside may act as an identity: issuer and subject of foreign tokens. They are kept and shown; sign-in with such a token
 * is the token service's. Source: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials".
 */
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import { Fault } from "../../core/fault.ts";
import type { Store } from "../../store/engine/store.ts";
import {
  type FederatedCredentialRow,
  federatedCredentialDelete,
  federatedCredentialPut,
  federatedCredentialsOf,
} from "../../store/identities.ts";
import type { Identity } from "./identity.ts";

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

type Stored = { readonly store: Store };

/** "Important considerations and restrictions for federated identity credentials". */
const CREDENTIALS_MAX = 20;
const NAME = /^[a-z0-9][\w-]{2,119}$/i;

export async function federatedCredentialList(
  { store }: Stored,
  { key }: Identity,
): Promise<FederatedCredential[]> {
  return (await federatedCredentialsOf.all(store.read, { identity_key: key })).map(credentialOf);
}

/** @throws Fault InvalidRequestContent, FederatedCredentialLimitExceeded, FederatedCredentialExists */
export async function federatedCredentialWrite(
  { store }: Stored,
  { key }: Identity,
  { name, issuer, subject, audiences }: FederatedCredential,
): Promise<{ readonly credential: FederatedCredential; readonly isNew: boolean }> {
  const refuse = (code: string, message: string, status: number) => new Fault(code, message, { status });
  if (!NAME.test(name))
    throw refuse("InvalidRequestContent", `'${name}' is no name for a federated credential.`, 400);
  return store.write(async (c) => {
    const known = await federatedCredentialsOf.all(c, { identity_key: key });
    const others = known.filter(({ name_lower }) => name_lower !== asciiLowerCase(name));
    if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
      throw refuse(
        "FederatedCredentialExists",
        "The identity has a credential of this issuer and subject.",
        409,
      );
    }
    if (others.length >= CREDENTIALS_MAX) {
      throw refuse(
        "FederatedCredentialLimitExceeded",
        `An identity has at most ${CREDENTIALS_MAX} of them.`,
        409,
      );
    }
    await federatedCredentialPut.run(c, {
      identity_key: key,
      name,
      name_lower: asciiLowerCase(name),
      issuer,
      subject,
      audiences: JSON.stringify(audiences),
    });
    const isNew = others.length === known.length;
    return { credential: { name, issuer, subject, audiences }, isNew };
  });
}

/** False when there is none of this name. */
export async function federatedCredentialRemove(
  { store }: Stored,
  { key }: Identity,
  name: string,
): Promise<boolean> {
  const name_lower = asciiLowerCase(name);
  return store.write(async (c) => {
    const known = await federatedCredentialsOf.all(c, { identity_key: key });
    if (!known.some((credential) => credential.name_lower === name_lower)) return false;
    await federatedCredentialDelete.run(c, { identity_key: key, name_lower });
    return true;
  });
}

function credentialOf({ name, issuer, subject, audiences }: FederatedCredentialRow): FederatedCredential {
  return { name, issuer, subject, audiences: JSON.parse(audiences) };
}
