/**
 * An application's registration, in the shape Graph gives it. Source: Graph's resource type "application" and the ones it
 * refers to.
 */

import type { KeptValues } from "../graph/kept-properties.ts";

export interface Registration {
  readonly identifierUris: readonly string[];
  readonly web: {
    readonly redirectUris: readonly string[];
    readonly logoutUrl: string | null;
    /** Absent in what was stored before it was known. */
    readonly homePageUrl?: string | null;
    readonly implicitGrantSettings: {
      readonly enableIdTokenIssuance: boolean;
      readonly enableAccessTokenIssuance: boolean;
    };
  };
  readonly spa: { readonly redirectUris: readonly string[] };
  readonly publicClient: { readonly redirectUris: readonly string[] };
  /** Null: told by the platforms, see `isPublicClient`. */
  readonly isFallbackPublicClient: boolean | null;
  readonly api: {
    readonly oauth2PermissionScopes: readonly PermissionScope[];
    readonly preAuthorizedApplications: readonly PreAuthorizedApplication[];
    /** Of the tokens for this API. Null asks for version 1, and so has what was registered before this was known. */
    readonly requestedAccessTokenVersion?: 1 | 2 | null;
  };
  readonly appRoles: readonly AppRole[];
  readonly requiredResourceAccess: readonly RequiredResourceAccess[];
  readonly publisherDomain: string | null;
  readonly notes: string | null;
  readonly tags: readonly string[];
  /** These three are absent in what was stored before they were known. */
  readonly description?: string | null;
  /** What tokens tell of groups and directory roles: words joined by commas. */
  readonly groupMembershipClaims?: string | null;
  readonly optionalClaims?: OptionalClaims | null;
  /** What nothing here decides by. Absent in what was stored before it was known. */
  readonly kept?: KeptValues;
  /** Ours, in the place of Graph's token lifetime policy: seconds that an access token to this application's clients is valid. */
  readonly accessTokenLifetimeSeconds: number | null;
}

export interface OptionalClaims {
  readonly idToken: readonly OptionalClaim[];
  readonly accessToken: readonly OptionalClaim[];
  readonly saml2Token: readonly OptionalClaim[];
}

export interface OptionalClaim {
  readonly name: string;
  readonly source: string | null;
  readonly essential: boolean;
  readonly additionalProperties: readonly string[];
}

/** A delegated permission that an application offers. */
export interface PermissionScope {
  readonly id: string;
  readonly value: string;
  /** `Admin`: a user cannot consent to it alone. */
  readonly type: "User" | "Admin";
  readonly isEnabled: boolean;
  readonly adminConsentDisplayName: string;
  readonly adminConsentDescription: string;
  readonly userConsentDisplayName: string | null;
  readonly userConsentDescription: string | null;
}

export interface AppRole {
  readonly id: string;
  readonly value: string | null;
  readonly displayName: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly allowedMemberTypes: readonly ("User" | "Application")[];
}

export interface RequiredResourceAccess {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Scope" | "Role" }[];
}

export interface PreAuthorizedApplication {
  readonly appId: string;
  readonly delegatedPermissionIds: readonly string[];
}

/** There are no personal accounts here, so the last two are one. */
export const SIGN_IN_AUDIENCES = [
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
] as const;
export type SignInAudience = (typeof SIGN_IN_AUDIENCES)[number];

export const EMPTY_REGISTRATION: Registration = {
  identifierUris: [],
  web: {
    redirectUris: [],
    logoutUrl: null,
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
  },
  spa: { redirectUris: [] },
  publicClient: { redirectUris: [] },
  isFallbackPublicClient: null,
  api: { oauth2PermissionScopes: [], preAuthorizedApplications: [] },
  appRoles: [],
  requiredResourceAccess: [],
  publisherDomain: null,
  notes: null,
  tags: [],
  accessTokenLifetimeSeconds: null,
};
