/** What the use cases ask of the connected agents. Who accepts the connections implements it. */
import type { Readable } from "node:stream";
import type { FileProperties, FileRef, ToAgent } from "../../wire/agent/messages.ts";

export interface FileRange {
  /** First and last byte, both included. */
  readonly start?: number;
  readonly end?: number;
}

export interface AgentGateway {
  /** Of the agent process that is connected now; undefined when none is. */
  incarnationOf(agentId: string): string | undefined;
  /** Sent in order with all others of this tick. Dropped when the agent is away: its next hello makes up for it. */
  send(agentId: string, message: ToAgent): void;

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
