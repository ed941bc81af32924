/** What each message of the service must look like to an agent. Limits are ours: whatever fits a frame may be said. */
import {
  dictionary,
  flag,
  instant,
  integer,
  list,
  object,
  oneOf,
  optional,
  pair,
  text,
  variants,
} from "./check.ts";
import type {
  ContainerSpec,
  EndpointRule,
  EndpointSpec,
  FileAsk,
  FileRef,
  HostMount,
  IdentityToken,
  InstanceFacts,
  InstanceImage,
  MetadataSecurity,
  MountSpec,
  NodeCertificate,
  NodeLogsAsk,
  NodeSpec,
  NodeUserSpec,
  OutputFileSpec,
  PackageSpec,
  RegistryAccess,
  ResourceFileSpec,
  RunSpec,
  ToAgent,
  UserAccountSpec,
} from "./messages.ts";

const ENTRIES_MAX = 100_000;

const any = text(16 * 1024 * 1024);
const name = text(256);
const id = integer(0, Number.MAX_SAFE_INTEGER);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const whole = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
/** Names a folder. */
const nodeKey = text(100, /^[\w-][\w.-]*$/);
const port = integer(0, 65_535);
const run = text(64);
const many = <T>(check: Parameters<typeof list<T>>[0]) => list<T>(check, ENTRIES_MAX);

const metadataMode = oneOf("Audit", "Enforce");
const packages = optional(
  many(
    object<PackageSpec>({
      reference: any,
      folder: name,
      url: any,
      identity: optional(any),
      variables: many(any),
      problem: optional(any),
    }),
  ),
);

const registry = object<RegistryAccess>({
  server: any,
  username: optional(any),
  password: optional(any),
  identity: optional(any),
});

const image = object<InstanceImage>({
  id: any,
  communityGalleryImageId: any,
  sharedGalleryImageId: any,
  offer: any,
  publisher: any,
  sku: any,
  version: any,
});

const node = object<NodeSpec>({
  nodeKey,
  nodeId: name,
  poolId: name,
  accountName: name,
  isDedicated: flag,
  isolation: oneOf("auto", "namespace", "process"),
  certificates: optional(
    many(
      object<NodeCertificate>({
        name,
        data: any,
        password: optional(any),
        forStartTask: flag,
        forTasks: flag,
      }),
    ),
  ),
  identities: optional(oneOf("isolated", "anywhere")),
  isOffline: optional(flag),
  isDualStack: optional(flag),
  metadataSecurity: optional(
    object<MetadataSecurity>({ imds: optional(metadataMode), wireServer: optional(metadataMode) }),
  ),
  limits: optional(object({ memoryBytes: count, cpus: count, processes: count })),
  packages,
  userAccounts: optional(
    many(object<UserAccountSpec>({ name, isAdmin: flag, uid: optional(count), gid: optional(count) })),
  ),
  endpoints: optional(
    many(
      object<EndpointSpec>({
        name,
        protocol: optional(oneOf("udp")),
        backendPort: port,
        frontendPort: port,
        rules: many(object<EndpointRule>({ isAllowed: flag, source: any, sourcePorts: optional(many(any)) })),
      }),
    ),
  ),
  containerImages: optional(many(any)),
  containerRegistries: optional(many(registry)),
  mounts: optional(
    many(
      object<MountSpec>({
        kind: oneOf("blobfuse", "fshare", "nfs", "cifs"),
        path: any,
        source: any,
        options: any,
        account: optional(any),
        key: optional(any),
        sas: optional(any),
        identity: optional(any),
      }),
    ),
  ),
  instance: optional(
    object<InstanceFacts>({
      vmId: name,
      tenantId: name,
      subscriptionId: name,
      resourceGroup: name,
      location: name,
      vmSize: name,
      image,
      tags: dictionary(any, any, ENTRIES_MAX),
    }),
  ),
});

const spec = object<RunSpec>({
  run,
  nodeKey,
  place: variants<RunSpec["place"], "kind">("kind", { task: { jobId: name, taskId: name }, startTask: {} }),
  attempt: count,
  commandLine: any,
  environment: many(pair(any, any)),
  accountUrl: any,
  wallClockMs: optional(count),
  elevated: flag,
  container: optional(
    object<ContainerSpec>({
      image: any,
      isWorkingFolderOfImage: flag,
      runOptions: optional(any),
      hostMounts: optional(
        many(
          object<HostMount>({
            source: oneOf("shared", "startup", "vfsMounts", "task", "jobPrep", "applications"),
            isReadOnly: flag,
          }),
        ),
      ),
      registry: optional(registry),
    }),
  ),
  username: optional(name),
  authenticationToken: optional(any),
  preparationId: optional(name),
  resourceFiles: optional(
    many(
      object<ResourceFileSpec>({
        url: any,
        isContainer: flag,
        prefix: optional(any),
        path: any,
        mode: integer(0, 0o7777),
        identity: optional(any),
      }),
    ),
  ),
  outputFiles: optional(
    many(
      object<OutputFileSpec>({
        pattern: any,
        url: any,
        path: optional(any),
        condition: oneOf("success", "failure", "completion"),
        headers: many(pair(any, any)),
        identity: optional(any),
      }),
    ),
  ),
  packages,
});

const users = optional(
  many(
    object<NodeUserSpec>({
      name,
      isAdmin: flag,
      passwordHash: optional(any),
      sshPublicKey: optional(any),
      expiresInMs: whole,
    }),
  ),
);

export const toAgent = variants<ToAgent, "t">("t", {
  "node.start": { node },
  "node.stop": { nodeKey, keepFolder: optional(flag) },
  "run.start": { spec },
  "run.stop": { run, graceMs: count },
  "run.ack": { runs: many(run) },
  "file.ask": {
    id,
    file: object<FileRef>({ nodeKey, path: any }),
    ask: variants<FileAsk, "op">("op", {
      list: { recursive: flag, after: optional(any), limit: integer(1, 1_000) },
      stat: {},
      read: { start: optional(count), end: optional(count) },
      delete: { recursive: flag },
    }),
  },
  "file.cancel": { id },
  "file.credit": { id, bytes: count },
  "identity.token": {
    id,
    token: object<IdentityToken>({
      accessToken: any,
      clientId: name,
      notBefore: count,
      expiresOn: count,
      lifetime: whole,
    }),
  },
  "identity.held": { id, lifetime: whole },
  "identity.recheck": {},
  "identity.refused": { id, status: integer(100, 599), error: any, description: any },
  "login.ask": { id, nodeKey, users },
  "logs.ask": {
    id,
    nodeKey,
    logs: object<NodeLogsAsk>({
      url: any,
      folder: any,
      from: instant,
      until: optional(instant),
      identity: optional(any),
    }),
  },
  shutdown: {},
});
