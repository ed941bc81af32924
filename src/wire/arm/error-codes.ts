/**
 * The statuses of the error codes that Resource Manager answers with. Sources: "Troubleshoot common Azure deployment errors";
 * "Understand and handle Azure Resource Manager authentication errors"; the codes of authentication as clients report them.
 */
export const armErrorCodes = {
  AuthenticationFailed: 401,
  AuthorizationFailed: 403,
  ExpiredAuthenticationToken: 401,
  InternalServerError: 500,
  InvalidApiVersionParameter: 400,
  InvalidAuthenticationToken: 401,
  InvalidAuthenticationTokenAudience: 401,
  InvalidAuthenticationTokenTenant: 401,
  InvalidFilterInQueryString: 400,
  InvalidResourceNamespace: 404,
  InvalidResourceType: 404,
  InvalidSubscriptionId: 400,
  InvalidUri: 400,
  MethodNotAllowed: 405,
  MissingApiVersionParameter: 400,
  NotFound: 404,
  NotImplemented: 501,
  ResourceGroupNotFound: 404,
  ResourceNotFound: 404,
  RoleAssignmentNotFound: 404,
  RoleDefinitionDoesNotExist: 404,
  SubscriptionNotFound: 404,
} as const satisfies Readonly<Record<string, number>>;
