/**
 * What is done around a run's command on its node: its packages, files and container come before it, what it leaves is sent after it. The
 * node itself, its place and its end are `hosted-node.ts`'s.
 */
import { splitCommandLine } from "../../core/lifecycle/command-line.ts";
import { taskEnvironment, taskFolder } from "../../core/lifecycle/task-environment.ts";
import { TransferFault } from "../../core/transfer/transfer-fault.ts";
import type { NodeSpec, RunEnd, RunSpec } from "../../wire/agent/messages.ts";
import type { ContainerStart } from "../images/container-start.ts";
import type { NodeContainers } from "../images/node-containers.ts";
import { MARK_VARIABLE, runMark } from "../marked-processes.ts";
import type { NodeCertificates } from "../node-certificates.ts";
import { NodeFault } from "../node-fault.ts";
import { isFolderName } from "../node-folder.ts";
import type { NodeHost } from "../node-host.ts";
import type { NodeInit } from "../node-init.ts";
import type { NodeUsers } from "../node-users.ts";
import { type NodePackages, PackageFault } from "../packages/node-packages.ts";
import { RootFolder } from "../sandbox/root-folder.ts";
import { makeFolder } from "../transfer/node-folders.ts";
import type { TransferNetwork } from "../transfer/outbound-request.ts";
import { sendOutputFiles } from "../transfer/output-files.ts";
import { fetchResourceFiles } from "../transfer/resource-files.ts";
import { UploadReport } from "../transfer/upload-report.ts";
import type { NodeRun } from "./node-run.ts";

/** What a node has for its runs. */
/** Read once: each look at a variable of the process is a call into it. */
const INHERITED = { ...process.env };

export interface RunSurroundings {
  readonly spec: NodeSpec;
  /** The node's folder: absolute, without symbolic links. */
  readonly root: string;
  readonly isolation: "namespace" | "process";
  readonly host: NodeHost;
  readonly init: NodeInit;
  readonly certificates: NodeCertificates;
  readonly containers: NodeContainers;
  readonly users: NodeUsers;
  readonly packages: NodePackages;
  /** For tasks' files. */
  readonly transferNetwork: TransferNetwork;
  /** Aborted when the node goes. */
  readonly goes: AbortSignal;
}

export class NodeRuns {
  readonly #on: RunSurroundings;
  readonly #transfers = new Set<Promise<void>>();
  /** Variables that lead clients to a metadata endpoint whose address they do not know. */
  #identityEnvironment: readonly (readonly [name: string, value: string])[] = [];

  constructor(on: RunSurroundings) {
    this.#on = on;
  }

  /** @param identityEnvironment what tells tasks of a node without a network of its own where tokens are */
  tell(identityEnvironment: readonly (readonly [name: string, value: string])[]): void {
    this.#identityEnvironment = identityEnvironment;
  }

  /** Resolves when nothing is on its way any more; what halts it is the node's end. */
  async settled(): Promise<void> {
    await Promise.all(this.#transfers);
  }

  /**
   * Starts the run, after its packages and files have come.
   * @param cleared what it waits for besides; undefined where its folder is nobody's
   */
  launch(run: NodeRun, cleared?: Promise<void>): void {
    const { resourceFiles = [], packages = [], container } = run.spec;
    if (resourceFiles.length === 0 && packages.length === 0 && !container && !cleared) {
      this.#start(run);
      return;
    }
    const coming = this.#prepare(run, cleared).finally(() => this.#transfers.delete(coming));
    this.#transfers.add(coming);
  }

  async #prepare(run: NodeRun, cleared: Promise<void> | undefined): Promise<void> {
    const signal = AbortSignal.any([run.halted, this.#on.goes]);
    try {
      if (cleared) await unlessAborted(cleared, signal);
      if (run.spec.resourceFiles?.length || run.spec.packages?.length)
        await this.#fetchFiles(run.spec, signal);
      const { spec } = run;
      const container =
        spec.container &&
        (await this.#on.containers.start(spec, spec.container, signal, {
          words: spec.commandLine.trim() === "" ? [] : commandWords(spec),
          environment: this.#environmentOf(spec),
          user: this.#on.users.of(spec),
          folder: `${this.#on.root}/${runFolder(spec)}`,
          certificates: this.#on.certificates.folders,
        }));
      if (!this.#on.goes.aborted) this.#start(run, container);
    } catch (error) {
      // A node that goes ends its runs itself.
      if (!this.#on.goes.aborted) run.end(failedToStart(error));
    }
  }

  async #fetchFiles(spec: RunSpec, signal: AbortSignal): Promise<void> {
    const { owner, group } = this.#on.users.of(spec);
    await this.#on.packages.install(spec.packages ?? [], signal);
    const folder = runFolder(spec);
    // What lies above the run's own folder is for all tasks.
    const above = folder.split("/").slice(0, -1);
    await (await makeFolder({ root: this.#on.root, owner: this.#on.users.owner }, above)).close();
    await fetchResourceFiles(spec.resourceFiles ?? [], {
      root: this.#on.root,
      owner,
      group,
      workingFolder: `${folder}/wd`,
      network: this.#on.transferNetwork,
      signal,
    });
  }

  #environmentOf(spec: RunSpec): Map<string, string> {
    const environment = taskEnvironment({
      node: this.#on.spec,
      run: spec,
      nodeRoot: this.#on.root,
      userName: this.#on.users.of(spec).name,
      packages: this.#on.packages.variables([...(this.#on.spec.packages ?? []), ...(spec.packages ?? [])]),
      certificatesFolder: this.#on.certificates.folderFor(spec.place.kind),
      inherited: INHERITED,
      identityEnvironment: this.#identityEnvironment,
      serviceHost: this.#on.isolation === "process" ? this.#on.host.reach?.host : undefined,
      trust: this.#on.host.reach,
    });
    for (const [name, value] of environment) {
      if (name.includes("\0") || value.includes("\0"))
        throw new NodeFault("CommandLaunchFailed", "An environment variable holds a NUL character.");
    }
    return environment;
  }

  #sendFiles(run: NodeRun, exitCode: number, environment: ReadonlyMap<string, string>): Promise<RunEnd> {
    const sent = this.#sendAndReport(run, exitCode, environment).then(
      (): RunEnd => ({ kind: "exited", exitCode }),
      (error: unknown): RunEnd => {
        if (this.#on.goes.aborted) return { kind: "stopped" };
        const code = error instanceof TransferFault ? error.code : "FileUploadMiscError";
        return { kind: "exited", exitCode, uploadFailure: { code, message: (error as Error).message } };
      },
    );
    const going = sent.then(() => void this.#transfers.delete(going));
    this.#transfers.add(going);
    return sent;
  }

  async #sendAndReport(
    { spec, halted }: NodeRun,
    exitCode: number,
    environment: ReadonlyMap<string, string>,
  ): Promise<void> {
    const folder = runFolder(spec).split("/");
    const { owner, group } = this.#on.users.of(spec);
    const report = await UploadReport.open({ root: this.#on.root, folder, owner, group });
    try {
      await sendOutputFiles(spec.outputFiles ?? [], exitCode, {
        root: this.#on.root,
        workingFolder: [...folder, "wd"],
        environment,
        network: this.#on.transferNetwork,
        signal: AbortSignal.any([halted, this.#on.goes]),
        report,
      });
    } finally {
      await report.close();
    }
  }

  /** @param container of a run that has one */
  #start(run: NodeRun, container?: ContainerStart): void {
    const { spec } = run;
    try {
      const environment = container ? new Map(container.environment) : this.#environmentOf(spec);
      const mark = runMark(this.#on.root, spec.run);
      if (this.#on.init.containment === "session") environment.set(MARK_VARIABLE, mark);
      const folder = `${this.#on.root}/${runFolder(spec)}`;
      const { outputFiles = [] } = spec;
      const afterwards =
        outputFiles.length === 0 ? undefined : (code: number) => this.#sendFiles(run, code, environment);
      const sharesMounts = spec.place.kind === "startTask";
      const own = { mark, folder, environment, sharesMounts };
      if (!container) {
        const user = this.#on.users.of(spec).init;
        run.launch(this.#on.init, { ...own, user, argv: commandWords(spec) }, afterwards);
        return;
      }
      run.launch(this.#on.init, { ...container, ...own }, afterwards);
      const changes = new RootFolder(this.#on.root);
      // What is left here goes with the node at the latest.
      run.halted.addEventListener("abort", () => void changes.removeContainer(run.number).catch(() => {}));
    } catch (error) {
      run.end(failedToStart(error));
    }
  }
}

/** @throws the signal's reason */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  if (!signal.aborted) await Promise.race([work, aborted]);
  signal.throwIfAborted();
}

/** Relative to the node's root. */
function runFolder(spec: RunSpec): string {
  const folder = taskFolder(spec.place);
  if (!folder.split("/").every(isFolderName))
    throw new NodeFault("ResourceDirectoryCreateFailed", "A job's or task's id is not a folder name.");
  return folder;
}

function commandWords(spec: RunSpec): [string, ...string[]] {
  const [program, ...rest] = splitCommandLine(spec.commandLine);
  if (program === undefined || program === "")
    throw new NodeFault("CommandProgramNotFound", "The command line names no program.");
  if (spec.commandLine.includes("\0"))
    throw new NodeFault("CommandLaunchFailed", "The command line holds a NUL character.");
  return [program, ...rest];
}

function failedToStart(error: unknown): RunEnd {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PackageFault || (error instanceof NodeFault && error.details)) {
    const { code, details = [] } = error;
    return { kind: "failedToStart", code, message, details };
  }
  const isTold = error instanceof NodeFault || error instanceof TransferFault;
  return { kind: "failedToStart", code: isTold ? error.code : "CommandLaunchFailed", message };
}
