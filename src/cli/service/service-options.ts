/** The options that describe a service to start, shared by the commands that start one. */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { ServiceOptions } from "../../main.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { spanSeconds } from "../time-span.ts";

export const serviceOptions = {
  port: { type: "string" },
  bind: { type: "string" },
  seed: { type: "string" },
  "lenient-audience": { type: "boolean" },
  "strict-versions": { type: "boolean" },
  as: { type: "string" },
  "federation-issuer": { type: "string", multiple: true },
  "token-lifetime": { type: "string" },
  "test-controls": { type: "boolean" },
  compute: { type: "string" },
  "slurm-option": { type: "string", multiple: true },
  isolation: { type: "string" },
  "node-path": { type: "string", multiple: true },
  "node-disk": { type: "string" },
  registry: { type: "string", multiple: true },
  "identity-location": { type: "string", multiple: true },
  "accounts-per-location": { type: "string" },
  "allow-unisolated-identities": { type: "boolean" },
} as const;

export const serviceOptionsHelp = `  --port PORT          main TLS port (default 8443); 0 takes any free port,
                       for every listener
  --bind ADDRESS       listen beyond loopback
  --seed FILE          what the first start declares: tenants, applications,
                       accounts, roles, pools
  --lenient-audience   accept other spellings of the Batch audience
  --strict-versions    refuse api-versions newer than the newest known,
                       instead of answering as that one
  --as API-VERSION     answer older requests of the Batch service as this
                       version would: 2025-06-01 shows today what breaks
  --federation-issuer HOST[:PORT]
                       ask this issuer of federated credentials for its keys
                       although it is on this machine or a private network;
                       its authority is told by NODE_EXTRA_CA_CERTS; may be
                       given again
  --token-lifetime T   how long access tokens are valid (default 1h), from
                       1s to 24h
  --test-controls      let batchyard clock move the service's clock
  --compute WHERE      local: nodes are on this machine (the default);
                       slurm: each is a job of this machine's Slurm cluster
  --slurm-option O     a further option of sbatch for every node, such as
                       --slurm-option=--partition=batch; may be given again
  --isolation KIND     how nodes are kept apart: namespace, process, or auto,
                       the best that this machine can (batchyard doctor)
  --node-path PATH     show this file or folder in namespace nodes too;
                       PATH:rw lets tasks write; may be given again
  --node-disk SIZE     how much of the disk each node may take, such as 20G; a
                       service that root has started gives each node a disk of
                       that size, others measure, and end what takes more
  --registry ADDRESS   pools may pull images from this registry although it is
                       on this machine's loopback, such as localhost:5000;
                       may be given again
  --identity-location L
                       pools can have identities in this location alone;
                       may be given again (default: everywhere)
  --accounts-per-location N
                       quota of Batch accounts of a subscription in a location
                       (default 50)
  --allow-unisolated-identities
                       pools can have identities although any program of
                       this machine could use them, on process nodes
`;

type NodePath = NonNullable<ServiceOptions["nodePaths"]>[number];

interface Values {
  readonly port?: string | undefined;
  readonly bind?: string | undefined;
  readonly seed?: string | undefined;
  readonly "lenient-audience"?: boolean | undefined;
  readonly "strict-versions"?: boolean | undefined;
  readonly as?: string | undefined;
  readonly "federation-issuer"?: readonly string[] | undefined;
  readonly "token-lifetime"?: string | undefined;
  readonly "test-controls"?: boolean | undefined;
  readonly compute?: string | undefined;
  readonly "slurm-option"?: readonly string[] | undefined;
  readonly isolation?: string | undefined;
  readonly "node-path"?: readonly string[] | undefined;
  readonly "node-disk"?: string | undefined;
  readonly registry?: readonly string[] | undefined;
  readonly "identity-location"?: readonly string[] | undefined;
  readonly "accounts-per-location"?: string | undefined;
  readonly "allow-unisolated-identities"?: boolean | undefined;
}

/** @throws CommandError (usage) for a value that is none of the option's. */
export function toServiceOptions(values: Values): Omit<ServiceOptions, "dataFolder" | "log"> {
  if (values["slurm-option"] && values.compute !== "slurm")
    throw new CommandError("--slurm-option is for --compute slurm only", exitCode.usage);
  return {
    ...(values.port !== undefined && { port: toPort(values.port) }),
    ...(values.bind !== undefined && { bind: values.bind }),
    ...(values.seed !== undefined && { seedFile: resolve(values.seed) }),
    ...(values["lenient-audience"] && { lenientAudience: true }),
    ...(values["strict-versions"] && { strictVersions: true }),
    ...(values.as !== undefined && { answersAs: values.as }),
    ...(values["federation-issuer"] && {
      federationIssuers: values["federation-issuer"].map(toIssuerHost),
    }),
    ...(values["token-lifetime"] !== undefined && {
      tokenLifetimeSeconds: toLifetime(values["token-lifetime"]),
    }),
    ...(values["test-controls"] && { testControls: true }),
    ...(values.compute !== undefined && { compute: toCompute(values.compute) }),
    ...(values["slurm-option"] && { slurmOptions: values["slurm-option"] }),
    ...(values.isolation !== undefined && { isolation: toIsolation(values.isolation) }),
    ...(values["node-path"] && { nodePaths: values["node-path"].map((path) => toNodePath(path)) }),
    ...(values["node-disk"] !== undefined && { nodeDiskBytes: toDiskBytes(values["node-disk"]) }),
    ...(values.registry && { localRegistries: values.registry.map(toLocalRegistry) }),
    ...(values["allow-unisolated-identities"] && { allowUnisolatedIdentities: true }),
    ...(values["identity-location"] && { identityLocations: values["identity-location"].map(toLocation) }),
    ...(values["accounts-per-location"] !== undefined && {
      accountsPerLocation: toAccountQuota(values["accounts-per-location"]),
    }),
  };
}

const MAX_LIFETIME_SECONDS = 86_400;

function toLifetime(text: string): number {
  const seconds = spanSeconds(text);
  if (seconds !== undefined && seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS) return seconds;
  throw new CommandError(`--token-lifetime takes a span from 1s to 24h; '${text}' is none`, exitCode.usage);
}

const MAX_ACCOUNT_QUOTA = 1_000;

function toAccountQuota(text: string): number {
  const quota = Number(text);
  if (/^\d+$/.test(text) && quota >= 1 && quota <= MAX_ACCOUNT_QUOTA) return quota;
  throw new CommandError(
    `--accounts-per-location takes a number from 1 to ${MAX_ACCOUNT_QUOTA}; '${text}' is none`,
    exitCode.usage,
  );
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CommandError(`--port takes a number from 0 to 65535; '${text}' is none`, exitCode.usage);
}

function toCompute(text: string): "local" | "slurm" {
  if (text === "local" || text === "slurm") return text;
  throw new CommandError(`--compute takes local or slurm; '${text}' is none`, exitCode.usage);
}

function toIsolation(text: string): "auto" | "namespace" | "process" {
  if (text === "auto" || text === "namespace" || text === "process") return text;
  throw new CommandError(`--isolation takes auto, namespace or process; '${text}' is none`, exitCode.usage);
}

/** As Azure writes them: "West US 2" is `westus2`. */
function toLocation(text: string): string {
  const name = text.replaceAll(" ", "").toLowerCase();
  if (/^[a-z0-9]{1,32}$/.test(name)) return name;
  throw new CommandError(
    `--identity-location takes the name of a location; '${text}' is none`,
    exitCode.usage,
  );
}

const DISK_UNITS = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
/** A file system's own tables take most of a smaller one. */
const DISK_MIN_BYTES = 16 * DISK_UNITS.M;

function toDiskBytes(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([MGT])$/.exec(text) ?? [];
  const bytes = Number(digits) * (DISK_UNITS[unit as keyof typeof DISK_UNITS] ?? Number.NaN);
  if (bytes >= DISK_MIN_BYTES) return bytes;
  throw new CommandError(
    `--node-disk takes a size from 16M on, in M, G or T; '${text}' is none`,
    exitCode.usage,
  );
}

function toLocalRegistry(text: string): string {
  if (/^(localhost|127\.0\.0\.1):\d{1,5}$/.test(text)) return text;
  throw new CommandError(
    `--registry takes localhost:PORT or 127.0.0.1:PORT; '${text}' is neither. Others need no leave`,
    exitCode.usage,
  );
}

/** As a URL has it: without the port that https has anyway. */
function toIssuerHost(text: string): string {
  const url = URL.parse(`https://${text}`);
  if (url !== null && url.href === `https://${url.host}/` && !/[/@?#\s]/.test(text)) return url.host;
  throw new CommandError(`--federation-issuer takes HOST or HOST:PORT; '${text}' is none`, exitCode.usage);
}

function toNodePath(text: string): NodePath {
  const path = text.replace(/:rw$/, "");
  try {
    return { path: realpathSync(path), isWritable: path !== text };
  } catch {
    throw new CommandError(`--node-path: there is no ${path}`, exitCode.usage);
  }
}
