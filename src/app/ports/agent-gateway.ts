/** What the use cases ask of the connected agents. Who accepts the connections implements it. */
import type { Readable } from "node:stream";
import type {
  FileProperties,
  FileRef,
  NodeLogsAsk,
  NodeUserSpec,
  ToAgent,
} from "../../wire/agent/messages.ts";

export interface FileRange {
  /** First and last byte, both included. */
  readonly start?: number;
  readonly end?: number;
}

export interface NodeLogin {
  readonly address: string;
  readonly port: number;
  /** Names of users that cannot be, for the node's system has them. */
  readonly taken: readonly string[];
}

export interface AgentGateway {
  /** The incarnation of the agent process that is connected now; undefined when none is. */
  incarnationOf(agentId: string): string | undefined;
  /** Sent in order with all others of this tick. Dropped when the agent is away: its next hello makes up for it. */
  send(agentId: string, message: ToAgent): void;

  /**
   * @param users all there are from now on; undefined leaves them
   * @returns where they log in, once nobody else can
   * @throws Fault `OperationNotValidOnNode` saying why nobody can, `OperationInvalidForCurrentState` when the agent is away
   */
  nodeLogin(agentId: string, nodeKey: string, users?: readonly NodeUserSpec[]): Promise<NodeLogin>;

  /**
   * @returns how many files of the node's journal are in the container
   * @throws Fault `InvalidPropertyValue` of `containerUrl` saying why one is not, `OperationInvalidForCurrentState` when the agent is
   * away or is of yesterday
   */
  nodeLogs(agentId: string, nodeKey: string, logs: NodeLogsAsk): Promise<number>;

  /** @throws Fault `FileNotFound`, `OperationInvalidForCurrentState` when the agent is away, … as the four below */
  fileList(
    agentId: string,
    file: FileRef,
    options: { readonly recursive: boolean; readonly after?: string; readonly limit: number },
  ): Promise<{ readonly entries: readonly FileProperties[]; readonly more: boolean }>;
  fileStat(agentId: string, file: FileRef): Promise<FileProperties>;
  fileRead(
    agentId: string,
    file: FileRef,
    range: FileRange,
  ): Promise<{ readonly properties: FileProperties; readonly body: Readable }>;
  fileDelete(agentId: string, file: FileRef, recursive: boolean): Promise<void>;
}
