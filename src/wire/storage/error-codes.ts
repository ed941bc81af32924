/** The error codes that the front of the Blob service answers with itself. Sources: "Common REST API error codes", "Blob Storage error codes". */
export const blobErrorCodes = {
  AccountRequiresHttps: [400, "The account being accessed does not support http."],
  AuthenticationFailed: [
    403,
    "Server failed to authenticate the request. The Authorization header or the signature is not right.",
  ],
  AuthorizationFailure: [403, "This request is not authorized to perform this operation."],
  AuthorizationPermissionMismatch: [
    403,
    "This request is not authorized to perform this operation using this permission.",
  ],
  CannotVerifyCopySource: [403, "The copy source cannot be read with what the request brings."],
  FeatureNotSupported: [501, "This is not built."],
  InternalError: [500, "The server encountered an internal error."],
  InvalidAuthenticationInfo: [
    401,
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  InvalidHeaderValue: [400, "The value of one of the HTTP headers is not in the correct format."],
  InvalidQueryParameterValue: [400, "A query parameter is not in the correct format."],
  InvalidResourceName: [400, "The specified resource name contains invalid characters."],
  InvalidUri: [400, "The requested URI does not represent any resource on the server."],
  InvalidXmlDocument: [400, "The XML specified is not syntactically valid."],
  KeyBasedAuthenticationNotPermitted: [
    403,
    "Key based authentication is not permitted on this storage account.",
  ],
  MissingContentLengthHeader: [411, "The Content-Length header was not specified."],
  NoAuthenticationInformation: [
    401,
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  PublicAccessNotPermitted: [409, "Public access is not permitted on this storage account."],
  ResourceNotFound: [404, "The specified resource does not exist."],
  UnsupportedHttpVerb: [405, "The resource does not support this HTTP verb, or not with these parameters."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type BlobErrorCode = keyof typeof blobErrorCodes;
