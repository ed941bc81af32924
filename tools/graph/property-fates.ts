/**
 * What comes of every property of the directory objects that a request may make or change: acted on; or kept and shown by choice; or refused as
 * unbuilt, by name; or read-only, and then no part of a request. `tests/wire/graph/graph-properties.test.ts` holds it.
 */
import {
  APPLICATION_KEPT,
  type KeptProperties,
  SERVICE_PRINCIPAL_KEPT,
  SERVICE_PRINCIPAL_OWN,
  USER_KEPT,
} from "../../src/wire/graph/kept-properties.ts";

export interface GraphPropertyFates {
  readonly actedOn: readonly string[];
  readonly kept: readonly string[];
  /** Where they have a value that would mean something. */
  readonly refused: readonly string[];
  readonly readOnly: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const keptPaths = (properties: KeptProperties): string[] =>
  Object.entries(properties).flatMap(([name, type]) =>
    typeof type === "object" && "members" in type
      ? keptPaths(type.members).map((path) => `${name}.${path}`)
      : [name],
  );

export const GRAPH_PROPERTY_FATES: Readonly<Record<string, GraphPropertyFates>> = {
  application: {
    actedOn:
      words(`displayName signInAudience identifierUris isFallbackPublicClient groupMembershipClaims optionalClaims
      keyCredentials appRoles requiredResourceAccess api.oauth2PermissionScopes api.preAuthorizedApplications
      api.requestedAccessTokenVersion web.redirectUris web.logoutUrl web.implicitGrantSettings spa.redirectUris
      publicClient.redirectUris`),
    kept: [
      "description",
      "notes",
      "tags",
      "web.homePageUrl",
      "web.redirectUriSettings",
      ...keptPaths(APPLICATION_KEPT),
    ],
    refused:
      words(`addIns api.acceptMappedClaims api.knownClientApplications authenticationBehaviors isDisabled
      nativeAuthenticationApisEnabled oauth2RequirePostResponse passwordCredentials requestSignatureVerification
      servicePrincipalLockConfiguration tokenEncryptionKeyId uniqueName`),
    readOnly:
      words(`id appId createdDateTime deletedDateTime publisherDomain applicationTemplateId certification
      disabledByMicrosoftStatus verifiedPublisher info.logoUrl`),
  },
  servicePrincipal: {
    actedOn: words("appId displayName accountEnabled appRoleAssignmentRequired"),
    kept: [...keptPaths(SERVICE_PRINCIPAL_KEPT), ...keptPaths(SERVICE_PRINCIPAL_OWN)],
    refused: words(`addIns appRoles customSecurityAttributes info isDisabled keyCredentials logoutUrl
      oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls
      samlSingleSignOnSettings servicePrincipalNames tokenEncryptionKeyId`),
    readOnly:
      words(`id appDisplayName appOwnerOrganizationId applicationTemplateId createdDateTime deletedDateTime
      disabledByMicrosoftStatus resourceSpecificApplicationPermissions signInAudience verifiedPublisher
      servicePrincipalType`),
  },
  user: {
    actedOn: words(`displayName userPrincipalName accountEnabled passwordProfile.password
      passwordProfile.forceChangePasswordNextSignIn givenName surname mail mailNickname preferredLanguage userType`),
    kept: keptPaths(USER_KEPT),
    refused: words(`aboutMe birthday customSecurityAttributes hireDate identities interests mySite
      passwordProfile.forceChangePasswordNextSignInWithMfa pastProjects preferredName responsibilities schools skills`),
    readOnly: words("id createdDateTime onPremisesSyncEnabled"),
  },
  group: {
    actedOn: words("displayName mailNickname securityEnabled"),
    kept: ["description"],
    refused: words("groupTypes isAssignableToRole mailEnabled membershipRule visibility"),
    readOnly: words("id createdDateTime deletedDateTime mail onPremisesSyncEnabled renewedDateTime"),
  },
};
