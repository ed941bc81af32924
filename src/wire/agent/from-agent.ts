/** What each message of an agent must look like. Limits are ours: far above what an agent says, and far below what harms. */
import { flag, instant, integer, list, object, oneOf, optional, text, variants } from "./check.ts";
import type {
  AuditedRequest,
  FailureDetail,
  FileProperties,
  FromAgent,
  HeldToken,
  IdentityName,
  OpenEndpoint,
  RefusedRequest,
  RunEnd,
  RunReport,
  RunUsage,
} from "./messages.ts";

const NODES_MAX = 10_000;
const RUNS_MAX = 200_000;
const ENTRIES_MAX = 1_000;
const DETAILS_MAX = 100;
const USERS_MAX = 1_000;
const ENDPOINTS_MAX = 10;

/** The service gave it out: a row's key. */
const nodeKey = text(15, /^\d{1,15}$/);
const run = text(64);
const id = integer(0, Number.MAX_SAFE_INTEGER);
const code = text(100);
/** Agents cut theirs off at `SAID_MAX_CHARACTERS`. */
const said = text(20_000);
/** A path has at most 4,096 bytes; what is no UTF-8 in it becomes one character a byte. */
const fileName = text(8_192);
const isolation = oneOf("namespace", "process");
const details = optional(list(object<FailureDetail>({ name: said, value: said }), DETAILS_MAX));
/** A peer's word, of which sums are made: what no run uses in a year of a thousand processors is not taken. */
const measured = integer(0, 10 ** 15);
const seconds = integer(0, Number.MAX_SAFE_INTEGER);

type UploadFailure = NonNullable<Extract<RunEnd, { kind: "exited" }>["uploadFailure"]>;

const runEnd = variants<RunEnd, "kind">("kind", {
  exited: {
    exitCode: integer(-(2 ** 31), 2 ** 31 - 1),
    uploadFailure: optional(object<UploadFailure>({ code, message: said, details })),
  },
  timedOut: {},
  stopped: {},
  failedToStart: { code, message: said, details },
});

const report = object<RunReport>({
  run,
  // Empty for a run that the agent never heard of before it was to stop it.
  nodeKey: text(15, /^\d{0,15}$/),
  startTime: optional(instant),
  endTime: instant,
  end: runEnd,
  usage: optional(
    object<RunUsage>({
      userTime: measured,
      kernelTime: measured,
      blocksRead: measured,
      blocksWritten: measured,
      memory: measured,
    }),
  ),
});

const fileProperties = object<FileProperties>({
  name: fileName,
  isDirectory: flag,
  contentLength: integer(0, Number.MAX_SAFE_INTEGER),
  creationTime: instant,
  lastModified: instant,
  fileMode: text(12, /^0[0-7]{1,11}$/),
});

/** Whatever an agent of this protocol, or of one before it, may say. */
export const fromAgent = variants<FromAgent, "t">("t", {
  hello: {
    protocol: optional(integer(0, 1_000_000)),
    agentId: text(100),
    incarnation: text(100),
    pid: integer(0, 2 ** 31),
    nodes: list(object({ nodeKey, isolation }), NODES_MAX),
    runs: list(run, RUNS_MAX),
    reports: list(report, RUNS_MAX),
  },
  "node.ready": {
    nodeKey,
    isolation,
    containment: oneOf("pidNamespace", "session"),
    ipAddress: text(64),
    ipv6Address: optional(text(64)),
    endpoints: optional(
      list(object<OpenEndpoint>({ name: text(256), port: integer(1, 65_535) }), ENDPOINTS_MAX),
    ),
  },
  "node.failed": { nodeKey, code, message: said, details },
  "node.stopped": { nodeKey },
  "run.started": { run, nodeKey, startTime: instant },
  "run.ended": { report },
  "identity.ask": {
    id,
    nodeKey,
    resource: text(8_192),
    identity: optional(
      object<IdentityName>({ by: oneOf("client_id", "object_id", "mi_res_id"), value: text(8_192) }),
    ),
    held: optional(object<HeldToken>({ clientId: text(100), notBefore: seconds, expiresOn: seconds })),
  },
  "metadata.refused": {
    request: object<RefusedRequest>({
      nodeKey,
      target: text(8_192),
      status: integer(100, 599),
      reason: said,
      from: optional(text(256)),
      run: optional(run),
      times: integer(1, Number.MAX_SAFE_INTEGER),
    }),
  },
  "metadata.audited": {
    request: object<AuditedRequest>({
      nodeKey,
      endpoint: oneOf("imds", "wireServer"),
      target: text(8_192),
      status: integer(100, 599),
      asker: text(1_024),
      reason: optional(said),
      run: optional(run),
      times: integer(1, Number.MAX_SAFE_INTEGER),
    }),
  },
  "login.open": {
    id,
    address: text(64),
    port: integer(0, 65_535),
    taken: list(text(256), USERS_MAX),
  },
  "login.refused": { id, message: said },
  "logs.sent": { id, files: integer(0, 1_000) },
  "logs.refused": { id, message: said },
  "file.list": { id, entries: list(fileProperties, ENTRIES_MAX), more: flag },
  "file.stat": { id, properties: fileProperties },
  "file.chunk": { id, data: text(1024 * 1024, /^[A-Za-z0-9+/]*={0,2}$/) },
  "file.end": { id },
  "file.deleted": { id },
  "file.error": {
    id,
    code: oneOf("FileNotFound", "OperationInvalidForCurrentState", "InvalidRange", "InternalError"),
    message: said,
  },
});

/**
 * What every version of the protocol says first, now and later: enough to know whom one has before one, and to send them away.
 */
export const anyHello = object<{ readonly t: "hello"; readonly protocol?: number; readonly agentId: string }>(
  {
    t: oneOf("hello"),
    protocol: optional(integer(0, 1_000_000)),
    agentId: text(100),
  },
);
