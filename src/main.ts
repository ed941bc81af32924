/**
 * The composition root: the only file that knows every concrete thing. It opens the store, builds planes, loops, drivers and
 * listeners, and takes them down again in the opposite order.
 */
import type { ReadyLine } from "./client/service-endpoints.ts";

export interface ServiceOptions {
  /** Holds all state. Created with mode 0700 when it does not exist. */
  readonly dataFolder: string;
  /** The main TLS port; 0 takes any free port, for every listener. Default 8443. */
  readonly port?: number;
  /** JSON file that declares tenants, applications, accounts, roles and pools for the first start. */
  readonly seedFile?: string;
  /** `postgres://…`; absent means the embedded SQLite. */
  readonly databaseUrl?: string;
  /** Accepts further spellings of the Batch audience on the data plane. */
  readonly lenientAudience?: boolean;
  /** Address to listen on; default loopback. */
  readonly bind?: string;
  readonly log: (line: string) => void;
}

export interface Service {
  readonly ready: ReadyLine;
  /** Stops listeners, loops and agents, and closes the store. */
  close(): Promise<void>;
}

/**
 * Starts a service on its data folder.
 * @throws StartError with one clear line: a port in use, a folder that cannot be written, a second service on the folder.
 */
export async function startService(_options: ServiceOptions): Promise<Service> {
  throw new StartError("the service is not assembled yet");
}

/** A reason not to start that the user can act on; its message is the one line to print. */
export class StartError extends Error {}
