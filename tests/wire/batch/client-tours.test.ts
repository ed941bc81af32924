/**
 * Releases of azure-batch, unmodified, each through every method that it has. What came of it is the table on the compatibility page:
 * `BATCHYARD_WRITE_TOURS=1` writes it anew.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directVariables, environmentWith } from "../../../src/cli/connect/connect-mode.ts";
import { clientMethods } from "../../../src/wire/batch/client-methods.ts";
import { type BatchOperationId, batchOperations } from "../../../src/wire/batch/operations.gen.ts";
import type { ClientTour } from "../../../tools/client-tours.ts";
import { BatchClient } from "../batch-client.fixture.ts";
import { SignedContainers } from "../blob/signed-container.fixture.ts";
import { programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { management, recordVersions } from "./version-recording.fixture.ts";

const TOURS = new URL("../../../tools/client-tours.json", import.meta.url);
const folder = process.env.BATCHYARD_TOUR_CLIENTS ?? "";
const kept: readonly ClientTour[] = existsSync(TOURS) ? JSON.parse(readFileSync(TOURS, "utf8")) : [];

interface Client {
  readonly release: string;
  readonly kind?: "aio";
}
const CLIENTS: readonly Client[] = [
  { release: "4.0.0" },
  { release: "6.0.0" },
  { release: "8.0.0" },
  { release: "10.0.0" },
  { release: "13.0.0" },
  { release: "14.2.0" },
  { release: "15.1.0" },
  { release: "15.1.0", kind: "aio" },
];

/** What a release calls an operation today, by what it called it once. */
const names = Object.fromEntries(
  (Object.keys(batchOperations) as BatchOperationId[]).flatMap((id) => {
    const { Python } = clientMethods(id);
    const [group = "", method = ""] = id.split("_");
    const snake = (name: string) =>
      name.replace(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`).slice(1);
    return Python.now === undefined ? [] : [[Python.once ?? `${snake(group)}.${snake(method)}`, Python.now]];
  }),
);

let tries = 0;
let service: RunningService;
let batch: BatchClient;
let logs: string;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  const containers = await SignedContainers.open(service, batch);
  await containers.make("logs");
  logs = containers.url("logs", "w");
  const { subscriptionId, resourceGroup, account } = service.ready;
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account}/applications/tour`;
  const { status } = await management(service, batch, "PUT", `${path}?api-version=2023-11-01`, {});
  expect(status).toBe(200);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

test.each(CLIENTS)(
  "azure-batch $release $kind",
  { timeout: 300_000, concurrent: true, retry: 1 },
  async ({ release, kind }) => {
    const library = join(folder, `azure-batch-${release}`);
    if (folder === "" || !existsSync(library)) {
      console.warn(
        `SKIPPED: azure-batch ${release} is not here (.ci/tour-clients DIR, then BATCHYARD_TOUR_CLIENTS=DIR)`,
      );
      return;
    }
    // A second try meets nothing of the first.
    const prefix = `t${++tries}-${release.replaceAll(".", "-")}${kind ?? ""}`;
    const recording = await recordVersions(service, batch, { client: `/${release}` });
    const { ready } = service;
    const { stdout } = await promisify(execFile)(
      "/usr/bin/python3",
      ["-S", programFile("tours/batch_tour.py"), prefix, ...(kind === undefined ? [] : [kind])],
      {
        env: {
          ...environmentWith(directVariables({ ...ready, accountKey: ready.accountKey })),
          PYTHONPATH: `${library}:${join(folder, "common")}`,
          PYTHONWARNINGS: "ignore",
          ...(await certificate()),
          TOUR_LOGS: logs,
          TOUR_METHODS: JSON.stringify(names),
        },
      },
    );
    const { seen, untried } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    const report = await recording.stop();
    const failed = Object.entries(seen).filter(([, outcome]) => outcome !== "ok");
    const tour: ClientTour = {
      client: `Python azure-batch ${release}${kind === undefined ? "" : ` (${kind})`}`,
      apiVersion: [...new Set(report.clients.map(({ apiVersion }) => apiVersion))].join(", "),
      tried: Object.keys(seen).length,
      passed: Object.keys(seen).length - failed.length,
      failed: Object.fromEntries(
        failed.map(([operation, outcome]) => [operation, [outcome].flat().join(" ")]),
      ),
    };
    if (process.env.BATCHYARD_WRITE_TOURS) write(tour);
    expect(untried).toEqual([]);
    expect(tour).toEqual(kept.find(({ client }) => client === tour.client));
  },
);

/** One of its own: releases that travel at once would meet at the same one. */
async function certificate(): Promise<Record<string, string>> {
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -outform der -subj /CN=tour -days 9";
  const { stdout } = await promisify(execFile)("openssl", words.split(" "), { encoding: "buffer" });
  return {
    TOUR_CER: stdout.toString("base64"),
    TOUR_THUMBPRINT: createHash("sha1").update(stdout).digest("hex"),
  };
}

const written = new Map(kept.map((tour) => [tour.client, tour]));

function write(tour: ClientTour): void {
  written.set(tour.client, tour);
  writeFileSync(
    TOURS,
    `${JSON.stringify(
      [...written.values()].sort((one, other) =>
        one.client.localeCompare(other.client, "en", { numeric: true }),
      ),
      null,
      2,
    )}\n`,
  );
}
