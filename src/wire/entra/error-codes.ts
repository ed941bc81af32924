/**
 * The token service's error codes: OAuth error, HTTP status and text of each. The texts are ours, in the service's manner;
 * clients read the code in front of them. `{name}` stands for a value given with the error.
 *
 * Sources: "ref" is the page "Microsoft Entra authentication and authorization error codes"; "seen" marks what public issue
 * threads show the real service answering; OAuth errors and statuses are RFC 6749 section 5.2.
 */

interface EntraError {
  /** RFC 6749's word, or Entra's own. */
  readonly error: string;
  /** Where the discovery documents say another word than the token endpoint. */
  readonly errorOfDiscovery?: string;
  /** Where the authorization endpoint does (OpenID Connect Core section 3.1.2.6). */
  readonly errorOfAuthorize?: string;
  /** Tells MSAL what would help. */
  readonly suberror?: string;
  readonly status: number;
  readonly text: string;
  readonly source: string;
}

const ERRORS = {
  // Which tenant
  50049: {
    error: "invalid_instance",
    status: 400,
    text: "The authority {authority} is neither known nor valid.",
    source: "ref: NoSuchInstanceForDiscovery",
  },
  50059: {
    error: "invalid_request",
    status: 400,
    text: "Neither the request nor any credential in it tells which tenant is meant: the endpoint /{tenant} serves people, an application signing in as itself needs its tenant's own.",
    source: "ref: MissingTenantRealmAndNoUserInformationProvided; seen for client credentials on /common",
  },
  90002: {
    error: "invalid_request",
    errorOfDiscovery: "invalid_tenant",
    status: 400,
    text: "Tenant '{tenant}' not found. Check that the tenant ID is right and that this is the installation which holds it.",
    source:
      "ref: InvalidTenantName; seen with invalid_tenant on discovery, invalid_request on the token endpoint",
  },
  900021: {
    error: "invalid_request",
    status: 400,
    text: "The tenant identifier '{tenant}' is empty: it is the nil GUID.",
    source: "seen",
  },
  900023: {
    error: "invalid_request",
    status: 400,
    text: "The tenant identifier '{tenant}' is neither a GUID nor a valid DNS name.",
    source: "seen",
  },

  // The form of the request
  90014: {
    error: "invalid_request",
    status: 400,
    text: "The request lacks the required field '{parameter}'.",
    source: "ref: MissingRequiredField; seen for a missing scope",
  },
  900144: {
    error: "invalid_request",
    status: 400,
    text: "The request body must contain the parameter '{parameter}'.",
    source: "ref: the request body lacks a parameter",
  },
  900561: {
    error: "invalid_request",
    status: 405,
    text: "This endpoint accepts {allowed} requests only; a {method} request was received.",
    source: "seen; the status is RFC 9110's",
  },
  901002: {
    error: "invalid_request",
    status: 400,
    text: "This endpoint takes 'scope'; the parameter 'resource' is not supported.",
    source: "ref: the resource request parameter is not supported; seen on the v2.0 endpoint",
  },
  9000411: {
    error: "invalid_request",
    status: 400,
    text: "The request is not properly formatted: the parameter '{parameter}' is there twice.",
    source: "ref: the parameter is duplicated",
  },
  9002313: {
    error: "invalid_grant",
    status: 400,
    text: "The request is malformed or invalid: {reason}",
    source: "ref: InvalidRequest; seen for codes and refresh tokens that are none",
  },

  9001023: {
    error: "invalid_request",
    status: 400,
    text: "The grant type is not supported over the endpoints /common and /consumers. Use /organizations or the tenant's own endpoint.",
    source: "ref: the grant type isn't supported over the /common or /consumers endpoints",
  },
  90013: {
    error: "invalid_request",
    status: 400,
    text: "The parameter '{parameter}' has a value that is not valid: {value}",
    source: "ref: InvalidUserInput",
  },
  90023: {
    error: "invalid_request",
    status: 400,
    text: "The request contradicts itself: {reason}",
    source: "ref: InvalidRequest, for parameters that do not go together",
  },
  90055: {
    error: "temporarily_unavailable",
    status: 429,
    text: "Too many passwords are being checked. Try again in a moment.",
    source: "ref: TenantThrottlingError",
  },

  // The authorization request
  50011: {
    error: "invalid_request",
    status: 400,
    text: "The redirect URI '{uri}' in the request is none of those registered for the application '{client}'. It must equal one of them; on loopback the port may differ.",
    source: "ref: InvalidReplyTo",
  },
  500112: {
    error: "invalid_grant",
    status: 400,
    text: "The redirect URI '{uri}' is not the one with which the authorization code was asked for.",
    source: "seen: the reply address does not match",
  },
  500113: {
    error: "invalid_request",
    status: 400,
    text: "No redirect URI is registered for the application '{client}'.",
    source: "ref: no reply address is registered",
  },
  50194: {
    error: "invalid_request",
    status: 400,
    text: "Application '{client}' ({name}) is not configured for several tenants: /common and /organizations do not serve it. Use its tenant's own endpoint.",
    source: "ref: the application is not configured as a multitenant application",
  },
  70005: {
    error: "unsupported_response_type",
    status: 400,
    text: "The response type '{type}' is not supported.",
    source: "ref: UnsupportedResponseType",
  },
  70007: {
    error: "unsupported_response_mode",
    status: 400,
    text: "The response mode '{mode}' cannot carry what the response type asks for.",
    source: "ref: UnsupportedResponseMode",
  },
  700051: {
    error: "unsupported_response_type",
    status: 400,
    text: "The response type 'token' is not enabled for the application '{client}'.",
    source: "ref: response_type 'token' isn't enabled for the app",
  },
  700054: {
    error: "unsupported_response_type",
    status: 400,
    text: "The response type 'id_token' is not enabled for the application '{client}'.",
    source: "ref: response_type 'id_token' isn't enabled for the application",
  },
  501491: {
    error: "invalid_request",
    status: 400,
    text: "The code challenge method must be S256 or plain.",
    source: "ref: InvalidCodeChallengeMethodInvalidSize",
  },
  50147: {
    error: "invalid_request",
    status: 400,
    text: "The code challenge must have 43 to 128 letters, digits and -._~.",
    source: "ref: MissingCodeChallenge",
  },
  9002325: {
    error: "invalid_request",
    status: 400,
    text: "Proof Key for Code Exchange is required: the redirect URI is a single-page application's.",
    source: "seen: PKCE is required for cross-origin authorization code redemption",
  },
  9002326: {
    error: "invalid_request",
    status: 400,
    text: "A browser sent this from another origin: only tokens of a single-page application's redirect URI may be fetched so. The origin is '{origin}'.",
    source:
      "seen: cross-origin token redemption is permitted only for the single-page application client type",
  },
  9002327: {
    error: "invalid_request",
    status: 400,
    text: "Tokens for a single-page application's redirect URI are given to a browser at another origin only; this request has no Origin header.",
    source: "seen: tokens issued for the single-page application client type",
  },

  // The user
  16000: {
    error: "invalid_grant",
    errorOfAuthorize: "interaction_required",
    status: 400,
    text: "The user must choose an account, and prompt=none forbids to ask.",
    source: "ref: SelectUserAccount",
  },
  50020: {
    error: "invalid_grant",
    errorOfAuthorize: "access_denied",
    status: 400,
    text: "The user account '{user}' does not exist in tenant '{tenant}' and cannot use '{client}' there. Sign in with an account of that tenant.",
    source: "ref: UserUnauthorized",
  },
  50034: {
    error: "invalid_grant",
    status: 400,
    text: "The user account {user} does not exist in the directory {tenant}.",
    source: "ref: UserAccountNotFound",
  },
  50053: {
    error: "invalid_grant",
    status: 400,
    text: "The account is locked: too many sign-ins with a wrong password. Try again in a minute.",
    source: "ref: IdsLocked",
  },
  50057: {
    error: "invalid_grant",
    errorOfAuthorize: "access_denied",
    status: 400,
    text: "The user account is disabled.",
    source: "ref: UserDisabled",
  },
  50058: {
    error: "invalid_grant",
    errorOfAuthorize: "login_required",
    status: 400,
    text: "Nobody is signed in, and prompt=none forbids to ask.",
    source: "ref: UserInformationNotProvided; the error is OpenID Connect's",
  },
  50105: {
    error: "invalid_grant",
    errorOfAuthorize: "access_denied",
    status: 400,
    text: "The application '{client}' admits only users that are assigned to it, and '{user}' is not.",
    source: "ref: EntitlementGrantsNotFound",
  },
  50055: {
    error: "invalid_grant",
    suberror: "user_password_expired",
    status: 400,
    text: "The password must be changed before the user can sign in: an administrator has asked for it. That takes a browser.",
    source: "ref: InvalidPasswordExpiredPassword",
  },
  50126: {
    error: "invalid_grant",
    status: 400,
    text: "Invalid user name or password.",
    source: "ref: InvalidUserNameOrPassword",
  },
  50173: {
    error: "invalid_grant",
    status: 400,
    suberror: "bad_token",
    text: "The grant was revoked: by a new password, by an administrator, or because a refresh token was used twice. Sign in again.",
    source: "ref: FreshTokenNeeded",
  },

  // API permission and consent
  65001: {
    error: "invalid_grant",
    errorOfAuthorize: "interaction_required",
    suberror: "consent_required",
    status: 400,
    text: "The user or an administrator has not consented to the application '{client}' ({name}) using {resource}{reason}. This is about the API permission; a role on the Batch account is needed besides, and does not stand in for it.",
    source: "ref: DelegationDoesNotExist",
  },
  65004: {
    error: "access_denied",
    status: 400,
    text: "The user declined to consent to the application.",
    source: "ref: UserDeclinedConsent",
  },
  90094: {
    error: "invalid_grant",
    errorOfAuthorize: "access_denied",
    suberror: "admin_consent_required",
    status: 400,
    text: "The application '{client}' asks for permissions that only an administrator can consent to.",
    source: "ref: AdminConsentRequired",
  },
  650053: {
    error: "invalid_scope",
    status: 400,
    text: "The application '{client}' asked for the scope '{scope}', which {resource} does not have.",
    source: "seen: the scope doesn't exist on the resource",
  },
  650057: {
    error: "invalid_resource",
    status: 400,
    text: "Invalid resource. The API permissions in the registration of the client application '{client}' ({name}) do not list {resource} (resource value '{value}', application ID {resourceAppId}). What is missing is the API permission, not a role. Resources in the registration: {registered}.",
    source: "ref: Invalid resource",
  },
  70011: {
    error: "invalid_scope",
    status: 400,
    text: "The scope '{scope}' is not valid: {reason}",
    source: "ref: InvalidScope",
  },

  // The grant
  50013: {
    error: "invalid_grant",
    status: 400,
    text: "The assertion is not valid: {reason}",
    source: "ref: InvalidAssertion",
  },
  500131: {
    error: "invalid_grant",
    status: 400,
    text: "The assertion's audience '{audience}' is not the application that presents it. It must be a token that was issued for this application.",
    source: "ref: the assertion audience does not match the client app presenting it",
  },
  50027: {
    error: "invalid_request",
    status: 400,
    text: "The token in '{parameter}' is not a valid JSON Web Token: {reason}",
    source: "ref: InvalidJwtToken",
  },
  501481: {
    error: "invalid_grant",
    status: 400,
    text: "The code verifier does not match the code challenge of the authorization request.",
    source: "ref: the code verifier doesn't match",
  },
  54005: {
    error: "invalid_grant",
    status: 400,
    text: "The authorization code was redeemed already. What the first redemption gave has been revoked; sign in again.",
    source: "ref: the authorization code was already redeemed; the revocation is RFC 6749's (section 4.1.2)",
  },
  70000: {
    error: "invalid_grant",
    status: 400,
    text: "The provided grant is invalid: {reason}",
    source: "ref: InvalidGrant",
  },
  70008: {
    error: "invalid_grant",
    status: 400,
    suberror: "token_expired",
    text: "The authorization code or refresh token has expired. Sign in again.",
    source: "ref: ExpiredOrRevokedGrant",
  },
  700005: {
    error: "invalid_grant",
    status: 400,
    text: "The authorization code was asked for at another tenant, and is redeemed there only.",
    source: "ref: InvalidGrantRedeemAgainstWrongTenant",
  },
  700082: {
    error: "invalid_grant",
    status: 400,
    suberror: "token_expired",
    text: "The refresh token has expired because it was not used in time. Sign in again.",
    source: "ref: ExpiredOrRevokedGrantInactiveToken",
  },
  700084: {
    error: "invalid_grant",
    status: 400,
    suberror: "token_expired",
    text: "The refresh token was issued to a single-page application and has ended with the day. Sign in again.",
    source: "ref: the refresh token was issued to a single page app",
  },
  7000114: {
    error: "invalid_grant",
    status: 400,
    text: "The application '{client}' presented an application's own token: only a user's can be exchanged on behalf of.",
    source: "ref: application is not allowed to make application on-behalf-of calls",
  },

  // Device code
  70016: {
    error: "authorization_pending",
    status: 400,
    text: "The user has not entered the code and signed in yet. Go on polling.",
    source: "ref: AuthorizationPending",
  },
  70018: {
    error: "bad_verification_code",
    status: 400,
    text: "The device code is not valid.",
    source: "ref: BadVerificationCode",
  },
  70020: {
    error: "expired_token",
    status: 400,
    text: "The device code has expired. Ask for a new one.",
    source: "ref: CodeExpired; the error is RFC 8628's (section 3.5)",
  },
  70043: {
    error: "slow_down",
    status: 400,
    text: "Polled more often than the interval allows: wait 5 seconds longer from now on.",
    source: "RFC 8628 section 3.5; the number is ours",
  },
  70044: {
    error: "authorization_declined",
    status: 400,
    text: "The user declined the sign-in.",
    source: "RFC 8628 section 3.5; the number is ours",
  },

  70003: {
    error: "unsupported_grant_type",
    status: 400,
    text: "The grant type '{grant}' is not supported.",
    source: "ref: UnsupportedGrantType",
  },

  // The client
  700016: {
    error: "unauthorized_client",
    status: 400,
    text: "Application with identifier '{client}' was not found in the directory '{tenant}'. It may not have been registered there, or the request went to the wrong tenant.",
    source: "ref: UnauthorizedClient_DoesNotMatchRequest",
  },
  9002332: {
    error: "unauthorized_client",
    status: 400,
    text: "Application '{client}' ({name}) is not enabled for consumers: /consumers serves personal accounts only, and the users here are an organization's. Use /organizations or the tenant's own endpoint.",
    source: "seen: configured for use by Azure Active Directory users only",
  },
  7000112: {
    error: "unauthorized_client",
    status: 400,
    text: "Application '{client}' ({name}) is disabled.",
    source: "ref: UnauthorizedClientApplicationDisabled",
  },
  7000215: {
    error: "invalid_client",
    status: 401,
    text: "Invalid client secret provided for application '{client}'. What must be sent is the secret's value, not its ID.",
    source: "ref: invalid client secret",
  },
  7000216: {
    error: "invalid_client",
    status: 401,
    text: "The grant type needs 'client_secret' or 'client_assertion'.",
    source: "ref: the client_credentials grant lacks a credential",
  },
  7000229: {
    error: "invalid_client",
    status: 401,
    text: "Application '{client}' is registered in '{tenant}', and has no service principal there yet. Make one ('az ad sp create --id {client}', or the first consent of a user).",
    source: "ref: the client application is missing its service principal in the tenant",
  },
  7000222: {
    error: "invalid_client",
    status: 401,
    text: "The client secrets of application '{client}' that match have expired. Add a new one and use that.",
    source: "ref: InvalidClientSecretExpiredKeysProvided",
  },

  50012: {
    error: "invalid_client",
    status: 401,
    text: "The application '{client}' could not be authenticated: {reason}",
    source: "ref: AuthenticationFailed",
  },
  7000218: {
    error: "invalid_client",
    status: 401,
    text: "The request body must contain 'client_assertion' or 'client_secret': the application '{client}' is not a public client.",
    source: "seen",
  },
  700021: {
    error: "invalid_client",
    status: 401,
    text: "The client assertion is about '{subject}', not about the client_id.",
    source: "ref: the client assertion application identifier doesn't match 'client_id'",
  },
  700023: {
    error: "invalid_client",
    status: 401,
    text: "The client assertion's audience '{audience}' is not this tenant's token endpoint.",
    source: "ref: the client assertion audience claim does not match Realm issuer",
  },
  700024: {
    error: "invalid_client",
    status: 401,
    text: "The client assertion is not within its valid time range: now is {now}, it is valid from {from} to {until}.",
    source: "ref: InvalidClientAssertionTimeRange",
  },
  700025: {
    error: "invalid_client",
    status: 401,
    text: "The client is public: it has no credential, so none may be presented.",
    source: "ref: InvalidClientPublicClientWithCredential",
  },
  700027: {
    error: "invalid_client",
    status: 401,
    text: "The client assertion failed signature validation: {reason}",
    source: "ref: InvalidClientAssertionSignature",
  },
  700030: {
    error: "invalid_client",
    status: 401,
    text: "The certificate that signed the client assertion is not valid at this time.",
    source: "ref: InvalidCertificate",
  },
  700211: {
    error: "invalid_client",
    status: 401,
    text: "No matching federated identity record was found for the assertion's issuer '{issuer}'.",
    source: "ref: no matching federated identity record, issuer",
  },
  700212: {
    error: "invalid_client",
    status: 401,
    text: "No matching federated identity record was found for the assertion's audience '{audience}'.",
    source: "ref: no matching federated identity record, audience",
  },
  700213: {
    error: "invalid_client",
    status: 401,
    text: "No matching federated identity record was found for the assertion's subject '{subject}'.",
    source: "ref: no matching federated identity record, subject",
  },

  // What is asked for
  28000: {
    error: "invalid_scope",
    status: 400,
    text: "The scope names more than one resource: {scope}",
    source: "ref: the scope parameter contains more than one resource",
  },
  500011: {
    error: "invalid_resource",
    status: 400,
    text: "The resource principal named {resource} was not found in the tenant named {tenant}. This installation serves Batch, Resource Manager, Graph, storage and its own URLs.",
    source: "ref: InvalidResourceServicePrincipalNotFound",
  },
  1002012: {
    error: "invalid_scope",
    status: 400,
    text: "The scope {scope} is not valid: an application signing in as itself asks for the resource identifier with /.default behind it.",
    source: "seen",
  },
} as const satisfies Record<number, EntraError>;

export type EntraErrorCode = keyof typeof ERRORS;

export const ENTRA_ERRORS: Readonly<Record<EntraErrorCode, EntraError>> = ERRORS;

/** The code's text with its values filled in. */
export function entraErrorText(code: EntraErrorCode, values: Readonly<Record<string, string>>): string {
  return ENTRA_ERRORS[code].text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
