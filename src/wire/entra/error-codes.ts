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
    error: "invalid_request",
    status: 400,
    text: "The request is malformed or invalid: {reason}",
    source: "ref: InvalidRequest",
  },

  // The grant
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
    text: "The grant type 'client_credentials' needs 'client_secret' or 'client_assertion'.",
    source: "ref: the client_credentials grant lacks a credential",
  },
  7000222: {
    error: "invalid_client",
    status: 401,
    text: "The client secrets of application '{client}' that match have expired. Add a new one and use that.",
    source: "ref: InvalidClientSecretExpiredKeysProvided",
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
