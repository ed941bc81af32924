/** What a service is started with, and why it may refuse to start. */
import { SeedError } from "../app/seed/seed-json.ts";
import type { ReadyLine } from "../client/service-endpoints.ts";
import type { NodePath } from "../wire/agent/configuration.ts";
import type { NodeSpec } from "../wire/agent/messages.ts";

export interface ServiceOptions {
  /** Holds all state. Created with mode 0700 when it does not exist. */
  readonly dataFolder: string;
  /** The main TLS port; 0 takes any free port, for every listener. Default 8443. */
  readonly port?: number;
  /** JSON file that declares tenants, applications, accounts and roles for the first start. */
  readonly seedFile?: string;
  /** Accepts further spellings of the Batch audience on the data plane. */
  readonly lenientAudience?: boolean;
  /** Refuses api-versions newer than the newest known, instead of answering as that one. */
  readonly strictVersions?: boolean;
  /** The data plane answers requests of older api-versions as this one would; default: each as its own. */
  readonly answersAs?: string;
  /** Issuers of federated credentials that may be asked for their keys though they are not public: `host` or `host:port`. */
  readonly federationIssuers?: readonly string[];
  /** Seconds that access tokens live, where the application has no policy of its own. Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** Serves the controls of `batchyard clock` on the plain port. */
  readonly testControls?: boolean;
  /** Address to listen on; default loopback. */
  readonly bind?: string;
  /** Where nodes are. Default: on this machine. */
  readonly compute?: "local" | "slurm";
  /** Further options of Slurm's sbatch for every node, e.g. `--partition=batch`. */
  readonly slurmOptions?: readonly string[];
  /** How nodes are kept apart; `auto` takes namespaces where the kernel gives them. Default: BATCHYARD_ISOLATION, or `auto`. */
  readonly isolation?: NodeSpec["isolation"];
  /** What of this machine nodes with a view of their own show beside the usual. */
  readonly nodePaths?: readonly NodePath[];
  /** What each node may take of the machine's disk; default: all that there is. */
  readonly nodeDiskBytes?: number;
  /** Locations of accounts whose pools can have identities; default: all. The feature began in a few regions of Azure. */
  readonly identityLocations?: readonly string[];
  /** The quota of Batch accounts of a subscription in a location; default: 50. */
  readonly accountsPerLocation?: number;
  /** Pools can have identities although nodes are not isolated: any program of this machine could use them. */
  readonly allowUnisolatedIdentities?: boolean;
  /** Origins, e.g. `http://127.0.0.1:10000`, from and to which tasks' files go although they lead to this machine. */
  readonly trustedOrigins?: readonly string[];
  /** `HOST:PORT` of registries on this machine's loopback, from which images may be pulled. */
  readonly localRegistries?: readonly string[];
  /** Builds the portal, where it is made from sources when it is first asked for; a rejection's message says why it cannot be. */
  readonly buildPortal?: () => Promise<void>;
  readonly log: (line: string) => void;
  /** Milliseconds since the epoch; default: the machine's clock. Tests move it. */
  readonly clock?: () => number;
}

export interface Service {
  readonly ready: ReadyLine;
  /** Stops listeners, loops and agents, and closes the store. */
  close(): Promise<void>;
}

/** A reason not to start that the user can act on; its message is the one line to print. */
export class StartError extends Error {}

/** The main TLS port where none is named. */
export const DEFAULT_PORT = 8443;

/** The reason in words that the user can act on, where the error is one of those; else the error itself. */
export function startError(error: unknown, { dataFolder, port = DEFAULT_PORT }: ServiceOptions): unknown {
  if (error instanceof StartError) return error;
  if (error instanceof SeedError) return new StartError(error.message, { cause: error });
  const { code, path } = error as NodeJS.ErrnoException;
  const taken = (error as { port?: number }).port ?? port;
  switch (code) {
    case "EADDRINUSE":
      return new StartError(`port ${taken} is in use; choose another with --port, or 0 for any free one`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return new StartError(`cannot write to ${path ?? dataFolder}: ${(error as Error).message}`);
    case "ENOENT":
      return new StartError(`there is no ${path ?? dataFolder}`);
    default:
      return error;
  }
}
