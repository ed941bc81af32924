/** What listens at one port of each of this machine's loopback addresses that a node is reached at. */
import type { Server } from "node:net";

export type LoopbackHost = "127.0.0.1" | "::1";

/** Where a node is reached. */
export const loopbackHosts = (isDualStack: boolean): readonly LoopbackHost[] =>
  isDualStack ? ["127.0.0.1", "::1"] : ["127.0.0.1"];

/** How often a port is tried that the first address has and the second has not. */
const TRIES_MAX = 5;

interface Opened<T> {
  /** The same at each of the addresses. */
  readonly port: number;
  readonly all: readonly T[];
}

/**
 * @param wanted where others have it already, another is taken
 * @param open at port 0: at any. @returns what is open there, and its port
 * @throws Error when there is no port that all of the addresses have
 */
export async function openOnEach<T extends { close(): void }>(
  hosts: readonly LoopbackHost[],
  wanted: number,
  open: (host: LoopbackHost, port: number) => Promise<readonly [T, number]>,
): Promise<Opened<T>> {
  let failure: unknown;
  for (const port of [wanted, ...Array<number>(TRIES_MAX).fill(0)]) {
    const all: T[] = [];
    let taken = port;
    try {
      for (const host of hosts) {
        const [opened, its] = await open(host, taken);
        all.push(opened);
        taken = its;
      }
      return { port: taken, all };
    } catch (error) {
      failure = error;
      for (const each of all) each.close();
    }
  }
  throw failure;
}

/** @param server makes one for each of the addresses. @throws as `openOnEach` */
export function loopbackServers(
  hosts: readonly LoopbackHost[],
  wanted: number,
  server: (host: LoopbackHost) => Server,
): Promise<Opened<Server>> {
  return openOnEach(hosts, wanted, (host, port) => listening(server(host), host, port));
}

function listening(server: Server, host: string, port: number): Promise<readonly [Server, number]> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      server.on("error", () => {}); // of an accept, such as for want of descriptors
      resolve([server, (server.address() as { port: number }).port]);
    });
  });
}
