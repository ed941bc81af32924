/**
 * Releases of client libraries, unmodified, each through every operation that it has. What came of it is the table on the compatibility page:
 * `BATCHYARD_WRITE_TOURS=1` writes it anew.
 */
import { execFile, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zip } from "../../src/agent/packages/zip.fixture.ts";
import { directVariables, environmentWith } from "../../src/cli/connect/connect-mode.ts";
import { type ClientLanguage, clientMethods } from "../../src/wire/batch/client-methods.ts";
import type { BatchOperationId } from "../../src/wire/batch/operations.gen.ts";
import type { UsedClient } from "../../src/wire/versions/versions-api.ts";
import type { ClientTour as Told } from "../../tools/client-tours.ts";
import { PACKAGES_VERSION, PackagesService } from "./arm/application-packages.fixture.ts";
import { MANAGEMENT_VERSION, managementTour } from "./arm/management-tour.fixture.ts";
import { ARM_AUDIENCE, ArmClient } from "./arm-client.fixture.ts";
import { batchTour } from "./batch/batch-tour.fixture.ts";
import { recordVersions } from "./batch/version-recording.fixture.ts";
import { BATCH_AUDIENCE, NEWEST_DESCRIBED } from "./batch-client.fixture.ts";
import { SignedContainers } from "./blob/signed-container.fixture.ts";
import { storageAccountId, storageApplications } from "./blob/storage.fixture.ts";
import { programFile } from "./client-program.fixture.ts";
import { ClientTour } from "./client-tour.fixture.ts";

const TOURS = new URL("../../tools/client-tours.json", import.meta.url);
const folder = process.env.BATCHYARD_TOUR_CLIENTS ?? "";
const kept: readonly Told[] = existsSync(TOURS) ? JSON.parse(readFileSync(TOURS, "utf8")) : [];

interface Client {
  readonly name: string;
  /** A part of the `User-Agent` that no other of these sends; empty: it sends none. */
  readonly agent: string;
  readonly words: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Where the library is; the tour is skipped without. */
  readonly library: string;
  /** Of a library of today, whose methods have names of their own. */
  readonly now?: ClientLanguage;
  /** It speaks to Resource Manager. */
  readonly isManagement?: true;
}

const inFolder = (name: string) => join(folder, name);
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

const python = (version: string, kind: "batch" | "batch-aio" = "batch"): Client => ({
  name: `Python azure-batch ${version}${kind === "batch" ? "" : " (aio)"}`,
  agent: version === "4.0.0" ? "/4.0.0" : `-batch/${version}`,
  words: ["/usr/bin/python3", "-S", programFile("tours/caller.py"), kind],
  variables: { PYTHONPATH: `${inFolder(`azure-batch-${version}`)}:${inFolder("python-needs")}` },
  library: inFolder(`azure-batch-${version}`),
  ...(version.startsWith("15.") && { now: "Python" }),
});

const javascript = (name: string, version: string, installed: string, agent?: string): Client => ({
  name: `JavaScript ${name} ${version}`,
  agent: agent ?? `/batch/${version}`,
  words: [process.execPath, programFile("tours/caller.cjs"), name, installed],
  library: join(installed, "node_modules", name),
});

const pythonManagement = (version: string): Client => ({
  name: `Python azure-mgmt-batch ${version}`,
  agent: `mgmt-batch/${version}`,
  words: ["/usr/bin/python3", "-S", programFile("tours/caller.py"), "management"],
  variables: { PYTHONPATH: `${inFolder(`azure-mgmt-batch-${version}`)}:${inFolder("python-needs")}` },
  library: inFolder(`azure-mgmt-batch-${version}`),
  isManagement: true,
});

const JAVA_LIBRARIES = programFile("java-identity/build/lib");
const java: Client = {
  name: "Java com.microsoft.azure:azure-batch 11.2.0",
  agent: "java",
  words: [
    "java",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "-XX:TieredStopAtLevel=1",
    "-cp",
    `${JAVA_LIBRARIES}/*`,
    programFile("tours/Caller.java"),
  ],
  library: join(JAVA_LIBRARIES, "azure-batch-11.2.0.jar"),
};

const go = (name: string, agent: string, kind: "azbatch" | "autorest"): Client => ({
  name: `Go ${name}`,
  agent,
  words: [inFolder("go-caller"), kind],
  library: inFolder("go-caller"),
  ...(kind === "azbatch" && { now: "Go" }),
});

const CLIENTS: readonly Client[] = [
  ...["4.0.0", "6.0.0", "8.0.0", "10.0.0", "13.0.0", "14.2.0", "15.1.0"].map((version) => python(version)),
  python("15.1.0", "batch-aio"),
  javascript("azure-batch", "9.0.0", inFolder("npm-azure-batch@9.0.0"), ""),
  javascript("@azure/batch", "8.0.0", inFolder("npm-@azure-batch@8.0.0")),
  javascript("@azure/batch", "10.2.0", PROJECT),
  java,
  go("azure-sdk-for-go services/batch 68.0.0", "batch/2020-09-01.12.0", "autorest"),
  go("azbatch 0.1.0", "azsdk-go-azbatch", "azbatch"),
  pythonManagement("9.0.0"),
  pythonManagement("19.0.0"),
  {
    ...javascript("azure-arm-batch", "7.0.0", inFolder("npm-azure-arm-batch@7.0.0"), ""),
    isManagement: true,
  },
  { ...javascript("@azure/arm-batch", "9.1.0", PROJECT, "arm-batch/9.1.0"), isManagement: true },
];

let tries = 0;
let packages: PackagesService;
let scratch: string;
let logs: string;
let trust: readonly string[];

beforeAll(async () => {
  packages = await PackagesService.start();
  const containers = await SignedContainers.open(packages.service, packages.batch);
  await containers.make("logs");
  logs = containers.url("logs", "w");
  scratch = mkdtempSync(join(tmpdir(), "client-tours-"));
  trust = existsSync(java.library) ? javaTrust() : [];
  await packages.upload("tour", "1", zip([{ name: "program", content: "tour" }]));
});
afterAll(async () => {
  await packages?.close();
  rmSync(scratch, { recursive: true });
});

test.each(CLIENTS)("$name", { timeout: 300_000, concurrent: true, retry: 1 }, async (client) => {
  if (folder === "" || !existsSync(client.library)) {
    console.warn(
      `SKIPPED: ${client.name} is not here (.ci/tour-clients DIR, then BATCHYARD_TOUR_CLIENTS=DIR)`,
    );
    return;
  }
  const { service, batch } = packages;
  const recording = await recordVersions(service, batch, client.agent === "" ? {} : { client: client.agent });
  const { now } = client;
  const tour = await ClientTour.open(client.words, {
    environment: {
      ...(await environment(client.isManagement ? ARM_AUDIENCE : BATCH_AUDIENCE)),
      ...client.variables,
      ...(client === java && { JAVA_TOOL_OPTIONS: trust.join(" ") }),
    },
    ...(now && { nameOf: (id) => nameOf(now, id) }),
  });
  // A second try meets nothing of the first.
  const prefix = `t${++tries}`;
  try {
    const place = { prefix, certificate: await certificate() };
    if (client.isManagement) {
      const account = { resourceGroup: "lab", location: "westeurope", accountName: `${prefix}account` };
      await managementTour(tour, packages, { ...place, ...account, storageAccountId });
    } else await batchTour(tour, batch, { ...place, application: "tour", logs });
  } finally {
    await tour.close();
  }
  const report = await recording.stop();
  const sent = (client.isManagement ? report.management : report.clients).filter(isOf(client));
  const failed = [...tour.seen].filter(([, outcome]) => outcome !== "ok");
  const told: Told = {
    client: client.name,
    apiVersion: [...new Set(sent.map(({ apiVersion }) => apiVersion))].join(", "),
    tried: tour.seen.size,
    passed: tour.seen.size - failed.length,
    failed: Object.fromEntries(
      failed.map(([operation, outcome]) => [operation, [outcome].flat().join(" ").trim()]),
    ),
  };
  if (process.env.BATCHYARD_WRITE_TOURS) write(told);
  expect(tour.untried()).toEqual([]);
  expect(told).toEqual(kept.find(({ client: name }) => name === client.name));
});

/** The test itself, which looks when to go on, sends no `User-Agent` either. */
const OWN_VERSIONS: readonly string[] = [NEWEST_DESCRIBED, MANAGEMENT_VERSION, PACKAGES_VERSION];

const isOf =
  ({ agent }: Client) =>
  ({ userAgent, apiVersion }: Pick<UsedClient, "userAgent" | "apiVersion">) =>
    agent !== "" || (userAgent === "" && !OWN_VERSIONS.includes(apiVersion));

/** The libraries of today have no certificates; the first of Go's still had. */
const GO_CERTIFICATES: Readonly<Record<string, string>> = {
  Certificate_Add: "CreateCertificate",
  Certificate_CancelDeletion: "CancelCertificateDeletion",
  Certificate_Delete: "DeleteCertificate",
  Certificate_Get: "GetCertificate",
  Certificate_List: "NewListCertificatesPager",
};

function nameOf(language: ClientLanguage, operation: string): string | undefined {
  const { now } = clientMethods(operation as BatchOperationId)[language];
  return now ?? (language === "Go" ? GO_CERTIFICATES[operation] : undefined);
}

async function environment(audience: string): Promise<NodeJS.ProcessEnv> {
  const { ready } = packages.service;
  return {
    ...environmentWith(directVariables({ ...ready, accountKey: ready.accountKey })),
    TOUR_TOKEN: await ArmClient.tokenOf(packages.service, storageApplications.contributor, audience),
    TOUR_MANAGEMENT: ready.management,
  };
}

/** Java takes the roots that it trusts as an option, in a format of its own. */
function javaTrust(): readonly string[] {
  const [store, password] = [join(scratch, "trusted.p12"), randomBytes(16).toString("hex")];
  const imported = ["-importcert", "-noprompt", "-alias", "service", "-file", packages.service.ready.caFile];
  const { status } = spawnSync("keytool", [...imported, "-keystore", store, "-storepass", password]);
  return status === 0
    ? [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${password}`]
    : [];
}

/** One of its own: releases that travel at once would meet at the same one. */
async function certificate(): Promise<{ readonly thumbprint: string; readonly data: string }> {
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -outform der -subj /CN=tour -days 9";
  const { stdout } = await promisify(execFile)("openssl", words.split(" "), { encoding: "buffer" });
  return { data: stdout.toString("base64"), thumbprint: createHash("sha1").update(stdout).digest("hex") };
}

const written = new Map<string, Told>(
  kept.filter(({ client }) => CLIENTS.some(({ name }) => name === client)).map((told) => [told.client, told]),
);

function write(told: Told): void {
  written.set(told.client, told);
  const rows = [...written.values()].sort((one, other) =>
    one.client.localeCompare(other.client, "en", { numeric: true }),
  );
  writeFileSync(TOURS, `${JSON.stringify(rows, null, 2)}\n`);
}
