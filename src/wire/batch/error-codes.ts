/**
 * Error codes of the Batch data plane: HTTP status and the sentence sent with it. Codes and statuses are those of the page "Batch
 * Status and Error Codes" and of .NET's `BatchErrorCodeStrings`; where neither has one, the line says so. The
 * sentences are the service's own where programs are known to compare them, else ours.
 */

export interface BatchErrorCode {
  readonly status: number;
  readonly message: string;
}

const code = (status: number, message: string): BatchErrorCode => ({ status, message });

export const batchErrorCodes = {
  // The request
  EmptyMetadataKey: code(400, "A metadata item has an empty name."),
  InvalidAuthenticationInfo: code(400, "The Authorization header is not in a form this service reads."),
  InvalidHeaderValue: code(
    400,
    "The value provided for one of the HTTP headers was not in the correct format.",
  ),
  InvalidHttpVerb: code(400, "The HTTP method is not one this service knows."),
  InvalidInput: code(400, "Part of the request is not valid."),
  InvalidMetadata: code(400, "The metadata holds characters that are not allowed."),
  InvalidPropertyValue: code(
    400,
    "The value provided for one of the properties in the request body is invalid.",
  ),
  InvalidQueryParameterValue: code(
    400,
    "Value for one of the query parameters specified in the request URI is invalid.",
  ),
  InvalidRequestBody: code(400, "The specified Request Body is not syntactically valid."),
  InvalidUri: code(400, "The requested URI does not represent any resource on the server."),
  MetadataTooLarge: code(400, "The metadata is larger than allowed."),
  MissingRequiredHeader: code(400, "A request header that is required is missing."),
  MissingRequiredProperty: code(400, "A required property was not specified in the request body."),
  MissingRequiredQueryParameter: code(
    400,
    "A query parameter that's mandatory for this request is not specified.",
  ),
  MultipleConditionHeadersNotSupported: code(400, "These conditional headers cannot be used together."),
  OutOfRangeInput: code(400, "Part of the request is out of range."),
  OutOfRangeQueryParameterValue: code(400, "A query parameter is out of range."),
  RequestUrlFailedToParse: code(400, "The URL of the request cannot be read."),
  UnsupportedHeader: code(400, "A request header is not supported."),
  UnsupportedProperty: code(400, "A property in the request body is not supported."),
  UnsupportedQueryParameter: code(
    400,
    "One of the query parameters specified in the request URI is not supported.",
  ),
  UnsupportedRequestVersion: code(400, "This api-version is not supported."),
  MissingContentLengthHeader: code(411, "The Content-Length header is missing."),
  RequestBodyTooLarge: code(413, "The request body is too large and exceeds the maximum permissible limit."),
  InvalidRange: code(416, "The range lies outside the resource."),

  // Who may
  /** 401 for tokens, as the service answers them; the page gives 403, which is what a wrong Shared Key signature gets. */
  AuthenticationFailed: code(
    401,
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
  ),
  AccountIsDisabled: code(403, "The account is disabled."),
  InsufficientAccountPermissions: code(403, "The account may not do this operation."),
  /** On neither page; what the service answers a principal whose roles lack the permission. */
  PermissionDenied: code(403, "The caller has no permission for this operation."),

  // Conditions, protocol
  /** Writes; a read answers 304. */
  ConditionNotMet: code(412, "The condition specified using HTTP conditional header(s) is not met."),
  UnsupportedHttpVerb: code(405, "The resource doesn't support the specified HTTP verb."),
  ResourceNotFound: code(404, "The specified resource does not exist."),
  ResourceAlreadyExists: code(409, "The specified resource already exists."),
  ResourceTypeMismatch: code(409, "The resource is of another type."),
  /** Ours: Azure's disks are never full. */
  InsufficientStorage: code(
    507,
    "The disk that the service keeps its data on is full. Free some space and try again.",
  ),
  InternalError: code(500, "The service met an error of its own. Try again."),
  OperationTimedOut: code(500, "The operation did not end within the time allowed."),
  NotImplemented: code(501, "This service does not implement the operation."),
  ServerBusy: code(503, "The service cannot take requests just now. Try again later."),
  /** Ours: the Host header names an address this service has no certificate for. */
  /** Recorded; on neither page. */
  Forbidden: code(403, "The specified property is not enabled for this account."),
  MisdirectedRequest: code(421, "This service does not answer under the host name of the request."),

  // Pools
  PoolNotFound: code(404, "The specified pool does not exist."),
  PoolExists: code(409, "The specified pool already exists."),
  PoolBeingCreated: code(409, "The specified pool is being created."),
  PoolBeingDeleted: code(409, "The specified pool has been marked for deletion and is being reclaimed."),
  PoolBeingResized: code(409, "The specified pool is being resized."),
  PoolQuotaReached: code(409, "The account has as many pools as it may have."),
  OperationNotValidOnPool: code(409, "This operation cannot be done on this pool."),
  InvalidAutoScalingSettings: code(400, "The autoscale settings are not valid."),
  AutoScalingFormulaSyntaxError: code(400, "The autoscale formula has a syntax error."),
  AutoScalingFormulaTooLong: code(400, "The autoscale formula is too long."),
  TooManyEnableAutoScaleRequests: code(503, "Autoscale was enabled on this pool less than 30 seconds ago."),
  /** Recorded; on neither page. */
  PoolUsageMetricAPIRetired: code(400, "The pool usage metrics API has been retired."),
  InvalidRestAPIForAccountSetting: code(409, "The account's settings do not allow this operation."),
  NodeAgentSKUNotFound: code(404, "The specified node agent SKU does not exist."),

  // Nodes
  NodeNotFound: code(404, "The specified node does not exist."),
  NodeBeingCreated: code(409, "The node is being created."),
  NodeBeingRebooted: code(409, "The node is being rebooted."),
  NodeBeingReimaged: code(409, "The node is being reimaged."),
  NodeBeingStarted: code(409, "The node is being started."),
  NodeStateUnusable: code(409, "The node is unusable."),
  NodeCountsMismatch: code(409, "The numbers of nodes do not agree."),
  NodeAlreadyInTargetSchedulingState: code(409, "The node's scheduling is in that state already."),
  NodeUserExists: code(409, "The specified node user already exists."),
  NodeUserNotFound: code(404, "The specified node user does not exist."),
  OperationNotValidOnNode: code(409, "This operation cannot be done on this node."),

  // Jobs and job schedules
  JobNotFound: code(404, "The specified job does not exist."),
  JobExists: code(409, "The specified job already exists."),
  JobBeingDeleted: code(
    409,
    "The specified job has been marked for deletion and is being garbage collected.",
  ),
  JobBeingTerminated: code(409, "The specified job is being terminated."),
  JobCompleted: code(409, "The specified job is already in a completed state."),
  JobDisabled: code(409, "The specified job is disabled."),
  JobNotActive: code(409, "The specified job is not in an active state."),
  JobPreparationTaskNotRunOnNode: code(404, "The job preparation task did not run on this node."),
  JobPreparationTaskNotSpecified: code(409, "The job has no job preparation task."),
  /** Recorded; on neither page. */
  JobPreparationTaskOrReleaseTaskNotSpecified: code(
    409,
    "The specified job has neither a job preparation task nor a job release task.",
  ),
  JobReleaseTaskNotRunOnNode: code(404, "The job release task did not run on this node."),
  JobReleaseTaskNotSpecified: code(409, "The job has no job release task."),
  JobWithSameIdExists: code(409, "A job has this id; a job and a job schedule cannot share one."),
  ActiveJobAndScheduleQuotaReached: code(
    409,
    "The account has as many active jobs and job schedules as it may have.",
  ),
  JobScheduleNotFound: code(404, "The specified job schedule does not exist."),
  JobScheduleExists: code(409, "The specified job schedule already exists."),
  JobScheduleBeingDeleted: code(
    409,
    "The specified job schedule has been marked for deletion and is being garbage collected.",
  ),
  JobScheduleBeingTerminated: code(409, "The specified job schedule is being terminated."),
  JobScheduleCompleted: code(409, "The specified job schedule is already in a completed state."),
  JobScheduleDisabled: code(409, "The specified job schedule is disabled."),
  JobScheduleWithSameIdExists: code(
    409,
    "A job schedule has this id; a job and a job schedule cannot share one.",
  ),

  // Tasks and files
  TaskNotFound: code(404, "The specified task does not exist."),
  TaskExists: code(409, "The specified task already exists."),
  TaskCompleted: code(409, "The specified task is already in a completed state."),
  TaskNotCompleted: code(409, "The task has not completed."),
  TaskSucceeded: code(409, "The task has succeeded and cannot be run again."),
  TaskDependenciesNotSpecifiedOnJob: code(
    400,
    "The task depends on others, but its job does not use task dependencies.",
  ),
  TaskDependencyListTooLong: code(400, "The ids that the task depends on are too long together."),
  TaskDependencyRangesTooLong: code(400, "The task depends on too many ranges of ids."),
  TaskIdSameAsJobPreparationTask: code(409, "The job's preparation task has this id."),
  TaskIdSameAsJobReleaseTask: code(409, "The job's release task has this id."),
  TaskFilesCleanedup: code(409, "The task's files have been removed."),
  TaskFilesUnavailable: code(409, "The task's files are not at hand."),
  FileNotFound: code(404, "The specified file does not exist."),
  PathNotFound: code(404, "The specified path does not exist on the node."),
  IOError: code(403, "The resource could not be read or written."),
  OperationInvalidForCurrentState: code(409, "The operation is not valid in the resource's present state."),

  // Applications and certificates
  ApplicationNotFound: code(404, "The specified application does not exist."),
  InvalidApplicationPackageReferences: code(
    409,
    "An application package that is referred to does not exist, is not active, or has no default version.",
  ),
  CertificateNotFound: code(404, "The specified certificate does not exist."),
  CertificateExists: code(409, "The specified certificate already exists."),
  CertificateBeingDeleted: code(
    409,
    "The specified certificate has been marked for deletion and is being garbage collected.",
  ),
  CertificateStateActive: code(409, "The specified certificate is in an active state."),
  CertificateDeleteFailed: code(409, "The certificate is in use and cannot be deleted."),
  InvalidCertificateReferences: code(400, "A certificate that is referred to does not exist."),
} as const satisfies Readonly<Record<string, BatchErrorCode>>;

export type BatchErrorCodeName = keyof typeof batchErrorCodes;

/** Undefined for a code that is not one of the data plane's. */
export const batchErrorCode = (name: string): BatchErrorCode | undefined =>
  Object.hasOwn(batchErrorCodes, name) ? batchErrorCodes[name as BatchErrorCodeName] : undefined;
