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
  AuthorizationProtocolMismatch: [
    403,
    "This request is not authorized to perform this operation using this protocol.",
  ],
  AuthorizationResourceTypeMismatch: [
    403,
    "This request is not authorized to perform this operation using this resource type.",
  ],
  AuthorizationSourceIPMismatch: [
    403,
    "This request is not authorized to perform this operation using this source IP.",
  ],
  CannotVerifyCopySource: [403, "The copy source cannot be read with what the request brings."],
  ConditionHeadersNotSupported: [400, "Condition headers are not supported by this operation."],
  CorsPreflightFailure: [403, "CORS not enabled or no matching rule found for this request."],
  Crc64Mismatch: [
    400,
    "The CRC64 value specified in the request did not match the one that the server calculated.",
  ],
  FeatureNotSupported: [501, "This is not built."],
  /** Ours: Azure's disks are never full. */
  InsufficientStorage: [
    507,
    "The disk that the service keeps its blobs on is full. Free some space and try again.",
  ],
  InternalError: [500, "The server encountered an internal error."],
  InvalidAuthenticationInfo: [
    401,
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  InvalidHeaderValue: [400, "The value of one of the HTTP headers is not in the correct format."],
  InvalidMd5: [
    400,
    "The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and Base64-encoded.",
  ],
  InvalidQueryParameterValue: [400, "A query parameter is not in the correct format."],
  InvalidInput: [400, "One of the request inputs is not valid."],
  InvalidResourceName: [400, "The specified resource name contains invalid characters."],
  InvalidUri: [400, "The requested URI does not represent any resource on the server."],
  InvalidXmlDocument: [400, "The XML specified is not syntactically valid."],
  KeyBasedAuthenticationNotPermitted: [
    403,
    "Key based authentication is not permitted on this storage account.",
  ],
  Md5Mismatch: [
    400,
    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
  ],
  MissingContentLengthHeader: [411, "The Content-Length header was not specified."],
  NoAuthenticationInformation: [
    401,
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  PublicAccessNotPermitted: [409, "Public access is not permitted on this storage account."],
  RequestBodyTooLarge: [413, "The request body is too large and exceeds the maximum permissible limit."],
  ResourceNotFound: [404, "The specified resource does not exist."],
  SourceConditionNotMet: [412, "The source condition specified using HTTP conditional header(s) is not met."],
  UnauthorizedBlobOverwrite: [403, "This request is not authorized to perform blob overwrites."],
  UnsupportedHeader: [400, "One of the HTTP headers specified in the request is not supported."],
  UnsupportedQueryParameter: [
    400,
    "One of the query parameters specified in the request URI is not supported.",
  ],
  UnsupportedHttpVerb: [405, "The resource does not support this HTTP verb, or not with these parameters."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type BlobErrorCode = keyof typeof blobErrorCodes;
