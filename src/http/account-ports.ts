/**
 * One TLS port per Batch account, opened and closed as accounts come and go. Owns which port is whose; knows accounts by key and
 * name only.
 */
import { type Listener, type ListenOptions, listen } from "./listener.ts";

export interface AccountAddress {
  readonly key: number;
  readonly name: string;
}

export interface AccountPortsOptions {
  /** The first one to take; 0 takes any free port for each. */
  readonly firstPort: number;
  readonly listenOptions: (account: AccountAddress) => Omit<ListenOptions, "port">;
}

/** How far from the first port an account's may lie. */
const PORTS = 1_000;

export class AccountPorts {
  readonly #options: AccountPortsOptions;
  readonly #listeners = new Map<number, Listener>();

  constructor(options: AccountPortsOptions) {
    this.#options = options;
  }

  /** Undefined when the account has none. */
  of(key: number): number | undefined {
    return this.#listeners.get(key)?.port;
  }

  /**
   * @param wanted the port it had before, taken if it still lies in our range; else the lowest free one
   * @returns its port
   * @throws the system's error when the port cannot be had
   */
  async open(account: AccountAddress, wanted: number | null): Promise<number> {
    const { firstPort } = this.#options;
    if (firstPort === 0) return this.#listen(account, 0);
    const isOurs = wanted !== null && wanted >= firstPort && wanted < firstPort + PORTS;
    if (isOurs) return this.#listen(account, wanted);
    const taken = new Set([...this.#listeners.values()].map(({ port }) => port));
    for (let port = firstPort; ; port++) {
      if (taken.has(port)) continue;
      try {
        return await this.#listen(account, port);
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
        if (!isTaken || port === firstPort + PORTS - 1) throw error;
      }
    }
  }

  async close(key: number): Promise<void> {
    const listener = this.#listeners.get(key);
    this.#listeners.delete(key);
    await listener?.close();
  }

  async #listen(account: AccountAddress, port: number): Promise<number> {
    const listener = await listen({ ...this.#options.listenOptions(account), port });
    this.#listeners.set(account.key, listener);
    return listener.port;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#listeners.keys()].map((key) => this.close(key)));
  }
}
