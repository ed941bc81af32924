/** An application and its credentials as Graph shows them: never a secret, never a private key. */
import type { Application } from "../../../app/directory/application.ts";
import { type CertificateRecord, certificateList } from "../../../app/directory/certificate-credential.ts";
import { type SecretRecord, secretList } from "../../../app/directory/client-secret.ts";
import type { Directory, Tenant } from "../../../app/directory/directory.ts";
import { APPLICATION_KEPT, type KeptValues } from "../../../wire/graph/kept-properties.ts";
import { instantView } from "../request/instant-view.ts";
import { keptView } from "../request/kept-properties.ts";

/** All but the credentials. */
export function applicationView(application: Application, tenant: Tenant | undefined) {
  const { registration } = application;
  const { web, api } = registration;
  const { info, ...kept } = keptView(APPLICATION_KEPT, withDefaults(registration.kept));
  return {
    id: application.objectId,
    deletedDateTime: null,
    appId: application.appId,
    displayName: application.displayName,
    description: registration.description ?? null,
    createdDateTime: instantView(application.createdAt),
    signInAudience: application.signInAudience,
    identifierUris: registration.identifierUris,
    publisherDomain: registration.publisherDomain ?? tenant?.defaultDomain ?? null,
    isFallbackPublicClient: registration.isFallbackPublicClient,
    notes: registration.notes,
    tags: registration.tags,
    groupMembershipClaims: registration.groupMembershipClaims ?? null,
    optionalClaims: registration.optionalClaims ?? null,
    addIns: [],
    applicationTemplateId: null,
    certification: null,
    disabledByMicrosoftStatus: null,
    ...kept,
    info: { logoUrl: null, ...(info as object) },
    nativeAuthenticationApisEnabled: null,
    requestSignatureVerification: null,
    servicePrincipalLockConfiguration: null,
    tokenEncryptionKeyId: null,
    uniqueName: null,
    verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? null,
      oauth2PermissionScopes: api.oauth2PermissionScopes,
      preAuthorizedApplications: api.preAuthorizedApplications,
    },
    appRoles: registration.appRoles,
    requiredResourceAccess: registration.requiredResourceAccess,
    web: {
      homePageUrl: web.homePageUrl ?? null,
      logoutUrl: web.logoutUrl,
      redirectUris: web.redirectUris,
      redirectUriSettings: web.redirectUris.map((uri) => ({ uri, index: null })),
      implicitGrantSettings: web.implicitGrantSettings,
    },
    spa: registration.spa,
    publicClient: registration.publicClient,
  };
}

function withDefaults(kept: KeptValues = {}): KeptValues {
  const controls = kept.parentalControlSettings as KeptValues | undefined;
  return { ...kept, parentalControlSettings: { legalAgeGroupRule: "Allow", ...controls } };
}

export type ApplicationView = ReturnType<typeof applicationView>;

/** @param appId undefined where credentials are none of this tenant's business */
export async function credentialsView(directory: Directory, appId: string | undefined) {
  const [secrets, certificates] =
    appId === undefined
      ? [[], []]
      : await Promise.all([secretList(directory, appId), certificateList(directory, appId)]);
  return {
    passwordCredentials: secrets.map(secretView),
    keyCredentials: certificates.map(certificateView),
  };
}

export function secretView({ keyId, displayName, hint, startAt, endAt }: SecretRecord) {
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime: instantView(endAt),
    hint,
    keyId,
    secretText: null,
    startDateTime: instantView(startAt),
  };
}

function certificateView({ keyId, displayName, thumbprintSha1, startAt, endAt }: CertificateRecord) {
  return {
    customKeyIdentifier: Buffer.from(thumbprintSha1, "base64url").toString("hex").toUpperCase(),
    displayName,
    endDateTime: instantView(endAt),
    key: null,
    keyId,
    startDateTime: instantView(startAt),
    type: "AsymmetricX509Cert",
    usage: "Verify",
  };
}
