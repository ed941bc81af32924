/**
 * A whole service inside the test's process, on a folder of its own and on free ports. Closing it fails when a process that
 * it started is still there, or a secret stands in its log or folder.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Service, startService } from "../../src/main.ts";
import type { NodePath } from "../../src/wire/agent/configuration.ts";
import { eventually } from "./eventually.fixture.ts";
import { removeSearched } from "./leak-search.fixture.ts";
import { noteCredentials, watchRequests } from "./seen-secrets.fixture.ts";

export interface RunningService extends Service {
  readonly folder: string;
  /** PEM. */
  readonly ca: string;
  readonly log: readonly string[];
}

export interface RunningServiceOptions {
  /** The content of a seed file. */
  readonly seed?: object;
  readonly lenientAudience?: boolean;
  readonly strictVersions?: boolean;
  /** The api-version as which older requests are answered. */
  readonly answersAs?: string;
  /** Milliseconds since the epoch; default: the machine's. */
  readonly clock?: () => number;
  /** Default: that of the test run. */
  readonly isolation?: "auto" | "namespace" | "process";
  /** Its clock can be moved over HTTP. */
  readonly testControls?: boolean;
  /** Default: everywhere. */
  readonly identityLocations?: readonly string[];
  readonly accountsPerLocation?: number;
  readonly trustedOrigins?: readonly string[];
  readonly localRegistries?: readonly string[];
  /** Default: they can have them. */
  readonly allowUnisolatedIdentities?: boolean;
  readonly nodePaths?: readonly NodePath[];
}

export async function runningService({
  seed,
  lenientAudience = false,
  strictVersions = false,
  answersAs,
  clock = Date.now,
  isolation,
  testControls = false,
  identityLocations,
  accountsPerLocation,
  trustedOrigins = [],
  localRegistries = [],
  allowUnisolatedIdentities = true,
  nodePaths = [],
}: RunningServiceOptions = {}): Promise<RunningService> {
  const parent = mkdtempSync(join(tmpdir(), "batchyard-wire-"));
  const folder = join(parent, "state");
  const seedFile = join(parent, "seed.json");
  mkdirSync(folder);
  if (seed !== undefined) writeFileSync(seedFile, JSON.stringify(seed));
  const log: string[] = [];
  watchRequests();
  const service = await startService({
    dataFolder: folder,
    port: 0,
    lenientAudience,
    strictVersions,
    clock,
    trustedOrigins,
    localRegistries,
    allowUnisolatedIdentities,
    nodePaths,
    testControls,
    ...(answersAs !== undefined && { answersAs }),
    ...(isolation !== undefined && { isolation }),
    ...(identityLocations !== undefined && { identityLocations }),
    ...(accountsPerLocation !== undefined && { accountsPerLocation }),
    ...(seed !== undefined && { seedFile }),
    log: (line) => void log.push(line),
  });
  noteCredentials(service.ready);
  return {
    ready: service.ready,
    folder,
    ca: readFileSync(service.ready.caFile, "utf8"),
    log,
    close: async () => {
      await service.close();
      // The agent's children are killed with it, and the kernel takes a moment to bury them.
      await eventually(`the last process of ${folder}`, () => processesIn(folder).length === 0);
      await removeSearched(folder, log, parent);
      const errors = log.filter((line) => /\n {4}at /.test(line));
      if (errors.length > 0) throw new Error(`the service logged errors of its own:\n${errors.join("\n")}`);
    },
  };
}

/** Processes that have a folder in their command line or environment, or work inside it. */
export function processesIn(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      return ["cmdline", "environ"].some((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`).includes(folder);
        } catch {
          // It ended meanwhile, or is another user's.
          return false;
        }
      });
    });
}
