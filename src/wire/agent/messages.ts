/**
 * The language spoken between the service and an agent over one WebSocket that the agent opens: docs/agent-protocol.md. A text
 * frame is a JSON array of messages, a binary frame a piece of a file (`frame.ts`); order within and between frames is kept.
 * Owns the shapes only; it decides nothing. Whoever changes a message changes its table as well (`from-agent.ts`, `to-agent.ts`),
 * and `PROTOCOL` where yesterday's peer would not understand.
 *
 * Delivery: a message to the agent may arrive twice (the service repeats what a reconnecting agent does not know), so
 * every one is idempotent. A `run.ended` is repeated by the agent, over restarts of the service, until it is acknowledged:
 * the service acknowledges after its durable commit.
 */

/**
 * The protocol that this program speaks. Agents outlive services, so a service meets those of other versions; what it does with
 * them, `core/lifecycle/agent-protocol.ts` decides.
 *
 * 0: before there were numbers; files in base64, as `file.chunk`. 1: files in binary frames. 2: what the agent did on a node, as
 * `logs.ask`. 3: endpoints for datagrams, and by IPv6; mounts of nodes, which an earlier agent would leave out and say nothing.
 * 4: the metadata security protocol, which one before would leave out as well.
 */
export const PROTOCOL = 4;

/** Names one attempt of one piece of work, unique over the life of the installation. Opaque to the agent. */
export type RunId = string;

/** A certificate that the node's tasks find in `AZ_BATCH_CERTIFICATES_DIR`. */
export interface NodeCertificate {
  /** Of its file: `sha1-<thumbprint>.pfx` or `.cer`. */
  readonly name: string;
  /** Base64. */
  readonly data: string;
  readonly password?: string;
  readonly forStartTask: boolean;
  readonly forTasks: boolean;
}

/** A named user of a pool, as whom tasks run. */
export interface UserAccountSpec {
  readonly name: string;
  readonly isAdmin: boolean;
  /** As which it is to be seen on the node; both or neither. */
  readonly uid?: number;
  readonly gid?: number;
}

/** What the agent must know to host a node. */
export interface NodeSpec {
  /** Unique over all pools and incarnations (a reimaged node gets a new key). Also names the node's folder. */
  readonly nodeKey: string;
  readonly nodeId: string;
  readonly poolId: string;
  readonly accountName: string;
  readonly isDedicated: boolean;
  /** `auto` is resolved by the agent's probe; the reply says which it became. */
  readonly isolation: "auto" | "namespace" | "process";
  readonly certificates?: readonly NodeCertificate[];
  /** The node has identities; their tokens are had where another node's task could reach them only if `anywhere`. */
  readonly identities?: "isolated" | "anywhere";
  /** Whether a node that has a network of its own reaches nothing but the service. */
  readonly isOffline?: boolean;
  /** What of the machine it may use at most, where it can be held to that; absent means all. */
  readonly limits?: { readonly memoryBytes: number; readonly cpus: number; readonly processes: number };
  /** Installed before anything runs on the node. */
  readonly packages?: readonly PackageSpec[];
  /** The same for as long as the node is there. */
  readonly userAccounts?: readonly UserAccountSpec[];
  /** Names of the images that are to be there before the node is idle; absent for a node without containers. */
  readonly containerImages?: readonly string[];
  readonly containerRegistries?: readonly RegistryAccess[];
  /** Mounted before anything runs on the node. */
  readonly mounts?: readonly MountSpec[];
  /** Its ports that are reached from outside it. */
  readonly endpoints?: readonly EndpointSpec[];
  /** Whether they, and logins, are reached by IPv6 as well. */
  readonly isDualStack?: boolean;
  /** Whose requests to the endpoints of its host are looked at; absent where nobody's are. */
  readonly metadataSecurity?: MetadataSecurity;
  /** Absent once the account has gone. */
  readonly instance?: InstanceFacts;
}

/** The two endpoints of Azure's hosts that virtual machines reach: 169.254.169.254, 168.63.129.16. */
export type MetadataEndpoint = "imds" | "wireServer";

/** `Audit` tells who asks, `Enforce` refuses besides. Azure Batch REST, "HostEndpointSettings". */
export type MetadataMode = "Audit" | "Enforce";

/** Azure Batch REST, "ProxyAgentSettings". */
export type MetadataSecurity = { readonly [endpoint in MetadataEndpoint]?: MetadataMode };

/** A file system that a node's tasks find below its folder `fsmounts`. Azure Batch REST, "MountConfiguration". */
export interface MountSpec {
  /** As the names of logs begin: a container of blobs, an Azure file share, NFS, CIFS. */
  readonly kind: "blobfuse" | "fshare" | "nfs" | "cifs";
  /** Below `fsmounts`. */
  readonly path: string;
  /** The container; `HOST:/PATH` of NFS, `//HOST/SHARE` of the others. */
  readonly source: string;
  /** As the pool has them. */
  readonly options: string;
  /** The storage account, or the user of a share. */
  readonly account?: string;
  /** The account's key, or the user's password. */
  readonly key?: string;
  /** A shared access signature, with or without the question mark. */
  readonly sas?: string;
  /** Resource id of the node's identity as which the container is mounted. */
  readonly identity?: string;
}

/** Azure Batch REST, "NetworkSecurityGroupRule". */
export interface EndpointRule {
  readonly isAllowed: boolean;
  /** An address, a subnet, a tag, or `*`. */
  readonly source: string;
  /** `*`, ports and ranges; absent means all. */
  readonly sourcePorts?: readonly string[];
}

/** A port of a node that is to be reached from outside. Azure Batch REST, "InboundNATPool". */
export interface EndpointSpec {
  readonly name: string;
  /** Absent means TCP. */
  readonly protocol?: "udp";
  readonly backendPort: number;
  /** Where others have it already, the agent takes another. */
  readonly frontendPort: number;
  /** The first that fits counts; who fits none is refused, unless there is none at all. */
  readonly rules: readonly EndpointRule[];
}

/** Where it is reached, on the loopback of the agent's machine. */
export interface OpenEndpoint {
  /** Of the `EndpointSpec`, or `SSH_ENDPOINT`. */
  readonly name: string;
  readonly port: number;
}

/** The name of the endpoint at which users log in, as the service names it. */
export const SSH_ENDPOINT = "SSHRule";

/** Azure Batch REST, "ImageReference"; what the pool does not name is empty. */
export interface InstanceImage {
  readonly id: string;
  readonly communityGalleryImageId: string;
  readonly sharedGalleryImageId: string;
  readonly offer: string;
  readonly publisher: string;
  readonly sku: string;
  readonly version: string;
}

/** What a node's metadata endpoint tells of the virtual machine that the node stands for, beside its id and its network. */
export interface InstanceFacts {
  /** A GUID, the same for as long as the pool has the node. */
  readonly vmId: string;
  /** The account's tenant; absent texts are empty. */
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** The pool's size, as it was given. */
  readonly vmSize: string;
  readonly image: InstanceImage;
  readonly tags: Readonly<Record<string, string>>;
}

/** Somebody who may log in to a node. */
export interface NodeUserSpec {
  readonly name: string;
  readonly isAdmin: boolean;
  /** crypt(5). */
  readonly passwordHash?: string;
  /** A line of authorized_keys(5). */
  readonly sshPublicKey?: string;
  /** From when the message is sent; 0 or less for who has expired. Milliseconds. */
  readonly expiresInMs: number;
}

/** An application package that a node or a run has to find installed. */
export interface PackageSpec {
  /** `application:version` as it was referred to: it is told to whoever asks why there is none. */
  readonly reference: string;
  /** Of its copy below the node's `applications`: another activation has another. Empty where there is a `problem`. */
  readonly folder: string;
  /** The archive's URL, for reading. Empty where there is a `problem`. */
  readonly url: string;
  /** Resource id of the node's identity as which the URL is asked for; absent where the URL says enough. */
  readonly identity?: string;
  /** Environment variables that lead to it. */
  readonly variables: readonly string[];
  /** Why it cannot be had. */
  readonly problem?: string;
}

/** What is downloaded before a run starts. */
export interface ResourceFileSpec {
  /** Of one file, or of a container of blobs, all of which are downloaded. */
  readonly url: string;
  readonly isContainer: boolean;
  /** Only blobs whose names begin so. */
  readonly prefix?: string;
  /** Below the run's working folder: of the file, or of the folder for a container's blobs; empty for the working folder. */
  readonly path: string;
  /** POSIX permissions. */
  readonly mode: number;
  /** Resource id of the node's identity as which the URL is asked for; absent where the URL says enough. */
  readonly identity?: string;
}

/** What is uploaded after a run's command has ended. */
export interface OutputFileSpec {
  readonly pattern: string;
  /** The container's URL. */
  readonly url: string;
  /** The blob's name, or with wildcards in the pattern a folder for the blobs. */
  readonly path?: string;
  readonly condition: "success" | "failure" | "completion";
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Resource id of the node's identity as which the files are sent. */
  readonly identity?: string;
}

/** How a task names the identity that it wants a token of; ids in any case. */
export interface IdentityName {
  readonly by: "client_id" | "object_id" | "mi_res_id";
  readonly value: string;
}

/** A token that an agent keeps, without the token. */
export type HeldToken = Pick<IdentityToken, "clientId" | "notBefore" | "expiresOn">;

/** A request to a node's metadata endpoint that the agent has refused without asking the service. */
export interface RefusedRequest {
  readonly nodeKey: string;
  /** Path and query as they were sent, without secrets and cut off where they are long. */
  readonly target: string;
  readonly status: number;
  readonly reason: string;
  /** The peer, where the socket does not tell it: `uid 1000`. */
  readonly from?: string;
  /** What alone ran on the node then. */
  readonly run?: RunId;
  /** More than one: so many like it, since the first one was told. */
  readonly times: number;
}

/** A request to an endpoint of a node whose pool has the metadata security protocol, and what came of it. */
export interface AuditedRequest extends Omit<RefusedRequest, "reason" | "from"> {
  readonly endpoint: MetadataEndpoint;
  /** User and program. */
  readonly asker: string;
  /** Why it was refused, or under `Audit` would be under `Enforce`; absent for one that was in order. */
  readonly reason?: string;
}

/** A token of one of the node's identities. */
export interface IdentityToken {
  readonly accessToken: string;
  readonly clientId: string;
  /** Seconds since the epoch, by the service's clock. */
  readonly notBefore: number;
  readonly expiresOn: number;
  /** Seconds. */
  readonly lifetime: number;
}

/** As whom images are pulled from a registry: nobody, somebody with a password, or one of the node's identities. */
export interface RegistryAccess {
  /** The registry as it was given: a host, with a port where it has one. */
  readonly server: string;
  readonly username?: string;
  readonly password?: string;
  /** Resource id. */
  readonly identity?: string;
}

/** What of a node's folders a container sees. Azure Batch REST, "ContainerHostDataPath". */
export interface HostMount {
  readonly source: "shared" | "startup" | "vfsMounts" | "task" | "jobPrep" | "applications";
  readonly isReadOnly: boolean;
}

/** Azure Batch REST, "TaskContainerSettings". */
export interface ContainerSpec {
  readonly image: string;
  readonly isWorkingFolderOfImage: boolean;
  /** The options as they were written; core/containers/run-options.ts reads them. */
  readonly runOptions?: string;
  /** Absent for the node's root as a whole. */
  readonly hostMounts?: readonly HostMount[];
  /** The registry that has the image, if it is not one of the node's already. */
  readonly registry?: RegistryAccess;
}

/** One attempt of a task or start task: everything needed to run it once. */
export interface RunSpec {
  readonly run: RunId;
  readonly nodeKey: string;
  /** Where the work's folder lies: `workitems/<job>/job-1/<task>` or `startup`. */
  readonly place:
    | { readonly kind: "task"; readonly jobId: string; readonly taskId: string }
    | { readonly kind: "startTask" };
  /** Starts at 1. Visible to the work as `BATCHYARD_TASK_ATTEMPT`. */
  readonly attempt: number;
  readonly commandLine: string;
  /** The user's settings, in order: the job's common ones first, then the task's. They win over the service's own. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly accountUrl: string;
  /** Wall-clock limit of this attempt in milliseconds; absent means none. */
  readonly wallClockMs?: number;
  readonly elevated: boolean;
  /** The work sees this image instead of the node's programs. Its command line may be empty, for the image's own. */
  readonly container?: ContainerSpec;
  /** One of the node's user accounts, which has its own elevation. */
  readonly username?: string;
  /** A secret of this attempt: the task reaches its own job with it. */
  readonly authenticationToken?: string;
  /** The job's preparation task, which has run on this node before. */
  readonly preparationId?: string;
  readonly resourceFiles?: readonly ResourceFileSpec[];
  readonly outputFiles?: readonly OutputFileSpec[];
  /** Installed before the resource files come. */
  readonly packages?: readonly PackageSpec[];
}

/** Azure Batch REST, "NameValuePair". */
export interface FailureDetail {
  readonly name: string;
  readonly value: string;
}

/** Why an attempt ended. `lost` is never sent by an agent: it is what the service concludes about a vanished one. */
export type RunEnd =
  | {
      readonly kind: "exited";
      readonly exitCode: number;
      /** Its output files, or some of them, could not be uploaded. `code` is a `TaskFailureInformation` code. */
      readonly uploadFailure?: {
        readonly code: string;
        readonly message: string;
        readonly details?: readonly FailureDetail[];
      };
    }
  | { readonly kind: "timedOut" }
  | { readonly kind: "stopped" }
  /** It never ran, or its node could not let it go on: `code` is a `TaskFailureInformation` code, e.g. `CommandProgramNotFound`. */
  | {
      readonly kind: "failedToStart";
      readonly code: string;
      readonly message: string;
      readonly details?: readonly FailureDetail[];
    };

/** What all processes of a run used, as the kernel counted it: getrusage(2). */
export interface RunUsage {
  /** Microseconds of a processor. */
  readonly userTime: number;
  readonly kernelTime: number;
  /** Of 512 bytes: what came from disks and went to them, not what was cached. */
  readonly blocksRead: number;
  readonly blocksWritten: number;
  /** KiB, of the largest process. */
  readonly memory: number;
}

export interface RunReport {
  readonly run: RunId;
  readonly nodeKey: string;
  /** ISO 8601, UTC, from the agent's clock. Absent when it never ran. */
  readonly startTime?: string;
  readonly endTime: string;
  readonly end: RunEnd;
  /** Absent where nobody measured it. */
  readonly usage?: RunUsage;
}

/** Which files of a node's journal are sent, and where to. */
export interface NodeLogsAsk {
  /** Of a container. */
  readonly url: string;
  /** In front of the files' own names. */
  readonly folder: string;
  /** Each file with a line of this time span, both ends included. ISO 8601, UTC. */
  readonly from: string;
  readonly until?: string;
  /** Resource id of the node's identity as which the files are sent. */
  readonly identity?: string;
}

/** A path below the node's root (`AZ_BATCH_NODE_ROOT_DIR`), `/`-separated, no leading slash. */
export interface FileRef {
  readonly nodeKey: string;
  readonly path: string;
}

export interface FileProperties {
  /** Relative to the folder that was asked for when listing from a task, to the node's root otherwise. */
  readonly name: string;
  readonly isDirectory: boolean;
  readonly contentLength: number;
  /** ISO 8601, UTC. */
  readonly creationTime: string;
  readonly lastModified: string;
  /** POSIX mode in octal, e.g. `0100644`. */
  readonly fileMode: string;
}

export type FileAsk =
  /** Entries below `path`, sorted by name (byte order), strictly after `after`, at most `limit`. */
  | { readonly op: "list"; readonly recursive: boolean; readonly after?: string; readonly limit: number }
  | { readonly op: "stat" }
  /** Sends `file.stat`, then the bytes from `start` to `end` inclusive as binary frames, then `file.end`. */
  | { readonly op: "read"; readonly start?: number; readonly end?: number }
  /** A directory goes only with `recursive`. */
  | { readonly op: "delete"; readonly recursive: boolean };

export type FileErrorCode =
  | "FileNotFound"
  | "OperationInvalidForCurrentState"
  | "InvalidRange"
  | "InternalError";

export type ToAgent =
  | { readonly t: "node.start"; readonly node: NodeSpec }
  /**
   * Kills everything on the node and removes its folder, unless the node will be started again with it. Answered by
   * `node.stopped`, also for an unknown node.
   */
  | { readonly t: "node.stop"; readonly nodeKey: string; readonly keepFolder?: boolean }
  | { readonly t: "run.start"; readonly spec: RunSpec }
  /** SIGTERM, then after `graceMs` SIGKILL, for the whole process tree. Answered by `run.ended`. */
  | { readonly t: "run.stop"; readonly run: RunId; readonly graceMs: number }
  | { readonly t: "run.ack"; readonly runs: readonly RunId[] }
  | { readonly t: "file.ask"; readonly id: number; readonly file: FileRef; readonly ask: FileAsk }
  /** The reader has gone; send no more chunks. */
  | { readonly t: "file.cancel"; readonly id: number }
  /** Flow control: the agent sends at most this many more bytes of chunks for `id`. */
  | { readonly t: "file.credit"; readonly id: number; readonly bytes: number }
  | { readonly t: "identity.token"; readonly id: number; readonly token: IdentityToken }
  /** The token that is held is as good as a new one; what is left of its life, in seconds by the service's clock. */
  | { readonly t: "identity.held"; readonly id: number; readonly lifetime: number }
  /** Something has changed that tokens depend on: each that is held is asked about before it is given away again. */
  | { readonly t: "identity.recheck" }
  /** `error` is an OAuth error code. */
  | {
      readonly t: "identity.refused";
      readonly id: number;
      readonly status: number;
      readonly error: string;
      readonly description: string;
    }
  /**
   * Where users log in to the node. With `users`, these are all there are from now on, and everybody else is logged out.
   * Answered under the same `id`, once that is so.
   */
  | {
      readonly t: "login.ask";
      readonly id: number;
      readonly nodeKey: string;
      readonly users?: readonly NodeUserSpec[];
    }
  /** What the agent did on the node is to be sent to a container of blobs. Answered under the same `id`, once it is there. */
  | { readonly t: "logs.ask"; readonly id: number; readonly nodeKey: string; readonly logs: NodeLogsAsk }
  /** The service goes down for good: stop all nodes and exit. */
  | { readonly t: "shutdown" };

export type FromAgent =
  /** Always the first message of a connection. */
  | {
      readonly t: "hello";
      /** `PROTOCOL` of the agent; absent means 0. */
      readonly protocol?: number;
      readonly agentId: string;
      /** Random per agent process: another value means the earlier process and all its nodes are gone. */
      readonly incarnation: string;
      readonly pid: number;
      readonly nodes: readonly { readonly nodeKey: string; readonly isolation: "namespace" | "process" }[];
      /** Attempts received and not ended, and those ended whose reports follow. */
      readonly runs: readonly RunId[];
      /** Attempts ended and not acknowledged, or the first of them: a frame has an end. */
      readonly reports: readonly RunReport[];
    }
  | {
      readonly t: "node.ready";
      readonly nodeKey: string;
      readonly isolation: "namespace" | "process";
      /** How a task's process tree is held: a PID namespace each, or a session with a marker. */
      readonly containment: "pidNamespace" | "session";
      readonly ipAddress: string;
      /** Of a node that is reached by IPv6. */
      readonly ipv6Address?: string;
      readonly endpoints?: readonly OpenEndpoint[];
    }
  | {
      readonly t: "node.failed";
      readonly nodeKey: string;
      readonly code: string;
      readonly message: string;
      readonly details?: readonly FailureDetail[];
    }
  | { readonly t: "node.stopped"; readonly nodeKey: string }
  | { readonly t: "run.started"; readonly run: RunId; readonly nodeKey: string; readonly startTime: string }
  | { readonly t: "run.ended"; readonly report: RunReport }
  /** A token for `resource`, of the identity that is named or else of the node's only one. Answered under the same `id`. */
  | {
      readonly t: "identity.ask";
      readonly id: number;
      readonly nodeKey: string;
      readonly resource: string;
      readonly identity?: IdentityName;
      /** Whether it is still good; a new one comes where it is not. */
      readonly held?: HeldToken;
    }
  | { readonly t: "metadata.refused"; readonly request: RefusedRequest }
  | { readonly t: "metadata.audited"; readonly request: AuditedRequest }
  | {
      readonly t: "login.open";
      readonly id: number;
      readonly address: string;
      readonly port: number;
      /** Names of users that cannot be, for the node's system has them. */
      readonly taken: readonly string[];
    }
  /** Nobody can log in there. `message` tells people why, and what to do. */
  | { readonly t: "login.refused"; readonly id: number; readonly message: string }
  /** So many files are in the container. */
  | { readonly t: "logs.sent"; readonly id: number; readonly files: number }
  /** Some or all are not there. `message` tells people why. */
  | { readonly t: "logs.refused"; readonly id: number; readonly message: string }
  | {
      readonly t: "file.list";
      readonly id: number;
      readonly entries: readonly FileProperties[];
      readonly more: boolean;
    }
  | { readonly t: "file.stat"; readonly id: number; readonly properties: FileProperties }
  /** Base64; of agents of protocol 0. */
  | { readonly t: "file.chunk"; readonly id: number; readonly data: string }
  | { readonly t: "file.end"; readonly id: number }
  | { readonly t: "file.deleted"; readonly id: number }
  | { readonly t: "file.error"; readonly id: number; readonly code: FileErrorCode; readonly message: string };

/** Seconds without a service after which an agent kills its nodes and exits. DESIGN: invariant 2. */
export const AGENT_ORPHAN_SECONDS = 60;

/** `code` of a `node.failed`: the node stood, and its init has died. */
export const NODE_INIT_ENDED = "NodeInitEnded";
