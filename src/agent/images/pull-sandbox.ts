/**
 * Where images are pulled: a sandbox of its own as nodes have one, with their network and no power over the machine. A registry's address is
 * a user's word, and what comes from it nobody's: so the program that speaks with it reaches what a task would, and what it reads
 * it reads as nobody in particular.
 */
import { chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { runMark } from "../marked-processes.ts";
import type { NodeInit } from "../node-init.ts";
import { joinStreams } from "../sandbox/joined-streams.ts";
import { OutboundNetwork } from "../sandbox/outbound-network.ts";
import { taskOwner } from "../sandbox/sandbox-ids.ts";
import { InsideNetwork } from "../transfer/inside-network.ts";

export interface SandboxOptions {
  /** Absolute. */
  readonly root: string;
  readonly startSandbox: (nodeRoot: string) => Promise<NodeInit>;
  /** Registries on this machine's loopback that may be reached. */
  readonly localRegistries: readonly string[];
  readonly isOffline: boolean;
  /** Makes its programs trust what nodes trust. */
  readonly environment: readonly (readonly [name: string, value: string])[];
}

export interface Ended {
  readonly exitCode: number;
  readonly said: string;
  readonly complaint: string;
  /** The folder in which the program ran. */
  readonly folder: string;
}

/** The longest output of a program that is read: manifests have 4 MiB at most. */
const OUTPUT_MAX_BYTES = 4 * 2 ** 20;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export class PullSandbox {
  readonly #options: SandboxOptions;
  readonly #init: NodeInit;
  readonly #network: OutboundNetwork | undefined;
  readonly #sockets = new Set<Socket>();
  /** Why it reaches nothing but registries of this machine. */
  readonly obstacle: string | undefined;
  #runs = 0;

  static async open(options: SandboxOptions): Promise<PullSandbox> {
    const init = await options.startSandbox(options.root);
    try {
      const found = await outbound(init, options.isOffline);
      const sandbox = new PullSandbox(options, init, found);
      for (const address of options.localRegistries) await sandbox.#relay(address);
      return sandbox;
    } catch (error) {
      await init.close();
      throw error;
    }
  }

  private constructor(options: SandboxOptions, init: NodeInit, found: OutboundNetwork | string) {
    this.#options = options;
    this.#init = init;
    this.#network = typeof found === "string" ? undefined : found;
    this.obstacle = typeof found === "string" ? found : undefined;
  }

  /** Its folder, with all that its programs write. */
  get root(): string {
    return this.#options.root;
  }

  /** For requests of the agent's own that belong to a pull. */
  get inside(): InsideNetwork {
    return new InsideNetwork(
      (address) => this.#init.connect(address),
      () => this.obstacle,
    );
  }

  /** A file that the programs in here may read, and nobody else. @returns its path */
  writeSecret(name: string, content: string): string {
    const owner = taskOwner(this.#options.root);
    const file = join(this.#options.root, "shared", name);
    writeFileSync(file, content, { mode: 0o600, flag: "wx" });
    if (owner !== undefined) chownSync(file, owner, owner);
    return file;
  }

  run(argv: readonly [program: string, ...rest: string[]], signal: AbortSignal): Promise<Ended> {
    const { root, environment } = this.#options;
    const name = `run-${++this.#runs}`;
    const folder = join(root, "workitems", name);
    mkdirSync(join(root, "workitems"), { recursive: true });
    let complaint = "";
    let kill = () => {};
    const ended = new Promise<Ended>((resolve) => {
      const id = this.#init.start(
        {
          mark: runMark(root, name),
          folder,
          user: "nonadmin",
          sharesMounts: false,
          argv,
          environment: new Map([["PATH", PATH], ["HOME", `${folder}/wd`], ...environment]),
        },
        {
          started: () => {},
          failed: (step) => {
            complaint = step === "program" ? `${argv[0]} is not installed: apt install skopeo umoci` : step;
          },
          ended: (exitCode) => {
            const [said, also] = ["stdout.txt", "stderr.txt"].map((file) => beginning(join(folder, file)));
            resolve({
              exitCode,
              said: said ?? "",
              complaint: complaint || (also ?? ""),
              folder: `${folder}/wd`,
            });
          },
        },
      );
      kill = () => this.#init.kill(id);
      if (signal.aborted) kill();
      else signal.addEventListener("abort", kill, { once: true });
    });
    return ended.finally(() => signal.removeEventListener("abort", kill));
  }

  /** Ends what runs in here. What it has written stays. */
  async close(): Promise<void> {
    this.#network?.close();
    await this.#init.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #relay(address: string): Promise<void> {
    const port = Number(address.split(":").at(-1));
    const server = await this.#init.listen(`127.0.0.1:${port}`);
    server.on("connection", (inner) => {
      joinStreams(inner, connect({ host: "127.0.0.1", port }), this.#sockets);
    });
    void this.#init.gone.then(() => server.close());
  }
}

async function outbound(init: NodeInit, isOffline: boolean): Promise<OutboundNetwork | string> {
  if (isOffline) return "its pool has no public addresses";
  try {
    return await OutboundNetwork.start(init.pid);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Its programs are over: the file is what it is. */
function beginning(file: string): string {
  try {
    return readFileSync(file).subarray(0, OUTPUT_MAX_BYTES).toString();
  } catch {
    return "";
  }
}
