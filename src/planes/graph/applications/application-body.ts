/** What a request says of an application, for a new one and for a change alike: what is not given stays as it is. */
import type { ApplicationChange } from "../../../app/directory/application.ts";
import { type CertificateChange, certificateRecord } from "../../../app/directory/certificate-credential.ts";
import { isOptionalClaim } from "../../../core/token/optional-claims.ts";
import {
  type AppRole,
  EMPTY_REGISTRATION,
  type PermissionScope,
  type PreAuthorizedApplication,
  type Registration,
  type RequiredResourceAccess,
  SIGN_IN_AUDIENCES,
} from "../../../wire/entra/registration.ts";
import { APPLICATION_KEPT } from "../../../wire/graph/kept-properties.ts";
import type { JsonBody } from "../request/json-body.ts";
import { keptOf } from "../request/kept-properties.ts";

/** Other ways to sign in, and what would have to be obeyed. */
const UNBUILT = [
  "addIns",
  "authenticationBehaviors",
  "isDisabled",
  "nativeAuthenticationApisEnabled",
  "oauth2RequirePostResponse",
  "passwordCredentials",
  "requestSignatureVerification",
  "servicePrincipalLockConfiguration",
  "tokenEncryptionKeyId",
  "uniqueName",
] as const;

export interface ApplicationBody {
  readonly change: ApplicationChange;
  /** Absent: not spoken of. */
  readonly certificates?: readonly CertificateChange[];
}

/** @param before of the application there is. @throws Fault Request_BadRequest, NotImplemented naming the property */
export function applicationBody(body: JsonBody, before: Registration = EMPTY_REGISTRATION): ApplicationBody {
  const displayName = body.givenText("displayName");
  const signInAudience = body.word("signInAudience", SIGN_IN_AUDIENCES);
  const isFallbackPublicClient = body.boolean("isFallbackPublicClient");
  const certificates = body.objects("keyCredentials")?.map(certificateOf);
  const registration = {
    ...given("identifierUris", body.texts("identifierUris")),
    ...given("tags", body.texts("tags")),
    ...given("notes", body.text("notes")),
    ...given("description", body.text("description", 1_024)),
    ...given("groupMembershipClaims", groupClaimsOf(body)),
    ...given("optionalClaims", optionalClaimsOf(body)),
    ...given("isFallbackPublicClient", isFallbackPublicClient),
    ...given("web", webOf(body.object("web"), before.web)),
    ...given("spa", redirectsOf(body.object("spa"), before.spa)),
    ...given("publicClient", redirectsOf(body.object("publicClient"), before.publicClient)),
    ...given("api", apiOf(body.object("api"), before.api)),
    ...given("appRoles", distinct(body, "appRoles", body.objects("appRoles")?.map(appRoleOf))),
    ...given("requiredResourceAccess", body.objects("requiredResourceAccess")?.map(requiredAccessOf)),
    kept: { ...before.kept, ...keptOf(body, APPLICATION_KEPT, before.kept) },
  };
  body.unbuilt(...UNBUILT);
  body.end();
  return {
    change: {
      ...given("displayName", displayName),
      ...given("signInAudience", signInAudience),
      registration,
    },
    ...given("certificates", certificates),
  };
}

function given<const Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}

const GROUP_CLAIMS = ["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"];

/** Several are joined by commas. */
function groupClaimsOf(body: JsonBody): string | null | undefined {
  const text = body.text("groupMembershipClaims");
  const words = text?.split(",").map((word) => word.trim()) ?? [];
  if (words.some((word) => !GROUP_CLAIMS.includes(word)))
    throw body.wrong("groupMembershipClaims", `must be of ${GROUP_CLAIMS.join(", ")}`);
  return text;
}

function optionalClaimsOf(body: JsonBody): Registration["optionalClaims"] | undefined {
  if (body.isNull("optionalClaims")) return null;
  const claims = body.object("optionalClaims");
  return (
    claims && {
      idToken: (claims.objects("idToken") ?? []).map(optionalClaimOf),
      accessToken: (claims.objects("accessToken") ?? []).map(optionalClaimOf),
      saml2Token: (claims.objects("saml2Token") ?? []).map(optionalClaimOf),
    }
  );
}

/** A claim that nobody here could fill is refused, rather than missed in a token. */
function optionalClaimOf(claim: JsonBody) {
  const name = claim.requiredText("name");
  if (/^extension_/.test(name)) claim.unbuilt("name");
  if (!isOptionalClaim(name)) throw claim.wrong("name", "is no optional claim");
  claim.unbuilt("source");
  return {
    name,
    source: null,
    essential: claim.boolean("essential") ?? false,
    additionalProperties: claim.texts("additionalProperties") ?? [],
  };
}

function webOf(web: JsonBody | undefined, before: Registration["web"]): Registration["web"] | undefined {
  if (web === undefined) return undefined;
  const implicit = web.object("implicitGrantSettings");
  const settings = before.implicitGrantSettings;
  const homePageUrl = web.text("homePageUrl");
  const logoutUrl = web.text("logoutUrl");
  const redirectUris = web.texts("redirectUris") ?? before.redirectUris;
  checkRedirectSettings(web, redirectUris);
  return {
    redirectUris,
    logoutUrl: logoutUrl === undefined ? before.logoutUrl : logoutUrl,
    homePageUrl: (homePageUrl === undefined ? before.homePageUrl : homePageUrl) ?? null,
    implicitGrantSettings: {
      enableIdTokenIssuance: implicit?.boolean("enableIdTokenIssuance") ?? settings.enableIdTokenIssuance,
      enableAccessTokenIssuance:
        implicit?.boolean("enableAccessTokenIssuance") ?? settings.enableAccessTokenIssuance,
    },
  };
}

/** The same addresses once more, each with a place in an order that is not kept. */
function checkRedirectSettings(web: JsonBody, redirectUris: readonly string[]): void {
  for (const setting of web.objects("redirectUriSettings") ?? []) {
    if (!redirectUris.includes(setting.requiredText("uri")))
      throw setting.wrong("uri", "must be one of redirectUris");
    setting.unbuilt("index");
  }
}

function redirectsOf(platform: JsonBody | undefined, before: Registration["spa"]) {
  return platform && { redirectUris: platform.texts("redirectUris") ?? before.redirectUris };
}

function apiOf(api: JsonBody | undefined, before: Registration["api"]): Registration["api"] | undefined {
  if (api === undefined) return undefined;
  api.unbuilt("acceptMappedClaims", "knownClientApplications");
  const version = api.integer("requestedAccessTokenVersion");
  if (version !== undefined && version !== null && version !== 1 && version !== 2)
    throw api.wrong("requestedAccessTokenVersion", "must be 1, 2 or null");
  const requestedAccessTokenVersion = version === undefined ? before.requestedAccessTokenVersion : version;
  return {
    ...(requestedAccessTokenVersion !== undefined && { requestedAccessTokenVersion }),
    oauth2PermissionScopes:
      distinct(api, "oauth2PermissionScopes", api.objects("oauth2PermissionScopes")?.map(scopeOf)) ??
      before.oauth2PermissionScopes,
    preAuthorizedApplications:
      api.objects("preAuthorizedApplications")?.map(preAuthorizedOf) ?? before.preAuthorizedApplications,
  };
}

/** What may stand in a token's `scp` and `roles`, where a space parts them. */
const VALUE = /^[!#-[\]-~]{1,120}$/;

function claimValueOf(body: JsonBody): string | null {
  const value = body.text("value");
  if (value === undefined || value === null || value === "") return null;
  if (!VALUE.test(value)) throw body.wrong("value", "holds a character that a token's claim cannot carry");
  return value;
}

function scopeOf(scope: JsonBody): PermissionScope {
  const value = claimValueOf(scope);
  if (value === null) throw scope.wrong("value", "is required");
  scope.ignored("isPrivate", "origin");
  return {
    id: scope.requiredGuid("id"),
    value,
    type: scope.word("type", ["User", "Admin"]) ?? "User",
    isEnabled: scope.boolean("isEnabled") ?? true,
    adminConsentDisplayName: scope.requiredText("adminConsentDisplayName"),
    adminConsentDescription: scope.requiredText("adminConsentDescription"),
    userConsentDisplayName: scope.text("userConsentDisplayName") ?? null,
    userConsentDescription: scope.text("userConsentDescription") ?? null,
  };
}

function appRoleOf(role: JsonBody): AppRole {
  const members = role.texts("allowedMemberTypes") ?? [];
  const allowedMemberTypes = members.filter((type) => type === "User" || type === "Application");
  if (allowedMemberTypes.length === 0 || allowedMemberTypes.length !== members.length)
    throw role.wrong("allowedMemberTypes", "must be User, Application or both");
  role.ignored("origin");
  return {
    id: role.requiredGuid("id"),
    value: claimValueOf(role),
    displayName: role.requiredText("displayName"),
    description: role.requiredText("description"),
    isEnabled: role.boolean("isEnabled") ?? true,
    allowedMemberTypes,
  };
}

/** An id and a value name one permission of the application. */
function distinct<Permission extends { readonly id: string; readonly value: string | null }>(
  body: JsonBody,
  name: string,
  permissions: readonly Permission[] | undefined,
): readonly Permission[] | undefined {
  const keys = permissions?.flatMap(({ id, value }) => (value === null ? [id] : [id, `=${value}`])) ?? [];
  if (new Set(keys).size !== keys.length) throw body.wrong(name, "has an id or a value twice");
  return permissions;
}

function preAuthorizedOf(application: JsonBody): PreAuthorizedApplication {
  // Beta's name of the same list.
  const ids = application.texts("delegatedPermissionIds") ?? application.texts("permissionIds") ?? [];
  return {
    appId: application.requiredGuid("appId"),
    delegatedPermissionIds: ids.map((id) => id.toLowerCase()),
  };
}

function requiredAccessOf(resource: JsonBody): RequiredResourceAccess {
  return {
    resourceAppId: resource.requiredGuid("resourceAppId"),
    resourceAccess: (resource.objects("resourceAccess") ?? []).map((access) => {
      const type = access.word("type", ["Scope", "Role"]);
      if (type === undefined) throw access.wrong("type", "is required");
      return { id: access.requiredGuid("id"), type };
    }),
  };
}

/** Ours: base64 of a certificate with many names. */
const MAX_CERTIFICATE = 65_536;

/** One with a key is new; one without is one that is there already, as a client that adds another sends it back. */
function certificateOf(credential: JsonBody): CertificateChange {
  const key = credential.text("key", MAX_CERTIFICATE) ?? undefined;
  const keyId = credential.givenText("keyId");
  const displayName = credential.text("displayName") ?? null;
  // The certificate says itself from when until when it is valid, and its thumbprint is computed.
  credential.ignored("startDateTime", "endDateTime", "customKeyIdentifier", "type", "usage");
  if (key !== undefined) return certificateRecord(key, displayName);
  if (keyId === undefined) throw credential.wrong("key", "is required");
  return { keptKeyId: keyId };
}
