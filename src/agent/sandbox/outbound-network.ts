/**
 * The outbound network of a node with a sandbox of its own: slirp4netns, one process per node, which carries the node's
 * connections out as its own and lets nobody in. It cannot reach this machine's loopback, and ends with the agent.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

/** The address at which slirp4netns answers the node's DNS queries. */
export const NODE_DNS = "10.0.2.3";

const PROGRAM = "slirp4netns";
/** The descriptors at which the holder of a node's sandbox has its namespaces open; the same in native/sandbox/sandbox.h. */
const [USER_NAMESPACE_FD, NETWORK_NAMESPACE_FD] = [20, 21];
const READY_MS = 5_000;
/** Numbers of the descriptors that the program gets beside its streams. */
const [EXIT_FD, READY_FD] = [3, 4];

export class OutboundNetwork {
  readonly #program: ChildProcess;

  private constructor(program: ChildProcess) {
    this.#program = program;
  }

  /**
   * Resolves when the node's interface is up.
   * @param holder the process whose one child is the node's PID 1, see native/sandbox/sandbox.c
   * @throws Error saying why there is none
   */
  static async start(holder: number): Promise<OutboundNetwork> {
    // Root enters the node's network as itself, for the device that makes the interface is root's.
    const asUser = process.geteuid?.() === 0 ? [] : [`--userns-path=/proc/${holder}/fd/${USER_NAMESPACE_FD}`];
    const words = [
      "--configure",
      "--mtu=65520",
      "--disable-host-loopback",
      `--exit-fd=${EXIT_FD}`,
      `--ready-fd=${READY_FD}`,
      ...asUser,
      "--netns-type=path",
      `/proc/${holder}/fd/${NETWORK_NAMESPACE_FD}`,
      "tap0",
    ];
    const program = spawn(PROGRAM, words, { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"], cwd: "/" });
    const network = new OutboundNetwork(program);
    const said = text(program.stderr as Readable);
    const ready = program.stdio[READY_FD] as Readable;
    try {
      await Promise.race([
        once(ready, "data", { signal: AbortSignal.timeout(READY_MS) }),
        once(program, "exit").then(async () => {
          throw new Error(`${PROGRAM} ended: ${(await said).trim().split("\n").at(-1)}`);
        }),
      ]);
      return network;
    } catch (error) {
      network.close();
      throw (error as NodeJS.ErrnoException).code === "ENOENT"
        ? new Error(`${PROGRAM} is not installed`)
        : error;
    } finally {
      ready.destroy();
    }
  }

  close(): void {
    this.#program.kill("SIGKILL");
  }
}
