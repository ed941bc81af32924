/**
 * Five programs and the whole report of each, line by line against what was written by hand from the list of changes, dates and methods: each
 * line right, none missed, none made up. A program that is told to be ready runs unchanged where older requests are answered as 2025-06-01.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import type { VersionReport } from "../../../src/wire/versions/versions-api.ts";
import { jobBody, poolBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { missing, type ProgramEnd, programEnd, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { CER, THUMBPRINT } from "./certificate.fixture.ts";
import { reportLines } from "./report-lines.fixture.ts";
import { azReport, CLEAN, DOTNET, JOB_MANAGER, SAMPLE } from "./report-programs.fixture.ts";
import { recordVersions } from "./version-recording.fixture.ts";

const clients = process.env.BATCHYARD_TOUR_CLIENTS ?? "";
const azPython = process.env.BATCHYARD_AZ_PYTHON || "no BATCHYARD_AZ_PYTHON";
const documents = join(process.env.BATCHYARD_SPECS ?? "absent", "../seeds");

let service: RunningService;
let batch: BatchClient;
beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

function without(release: string): boolean {
  const isMissing = clients === "" || !existsSync(join(clients, `azure-batch-${release}`));
  if (isMissing) console.warn(`SKIPPED: azure-batch ${release} is not here (BATCHYARD_TOUR_CLIENTS)`);
  return isMissing;
}

function run(words: readonly string[], on: RunningService, variables: Record<string, string> = {}) {
  const [program = "", ...others] = words;
  const { ready } = on;
  return programEnd(program, others, {
    ...environmentWith(proxyVariables({ ...ready, accountKey: ready.accountKey })),
    AZURE_RESOURCE_GROUP: ready.resourceGroup,
    ...variables,
  });
}

const python = (release: string, file: string, on: RunningService, variables: Record<string, string> = {}) =>
  run(["/usr/bin/python3", "-S", file], on, {
    PYTHONPATH: `${join(clients, `azure-batch-${release}`)}:${join(clients, "python-needs")}`,
    ...variables,
  });

/** @throws with its stderr when the program failed */
async function reportOf(program: () => Promise<ProgramEnd>): Promise<[VersionReport, string]> {
  const recording = await recordVersions(service, batch);
  const { code, stdout, stderr } = await program();
  const report = await recording.stop();
  expect(code, stderr).toBe(0);
  return [report, stdout];
}

/** A program of Python starts in seconds where others want the machine too. */
const SLOW = { timeout: 180_000 };

/** In any order within findings: whether both say the same is asked. */
const sorted = (lines: readonly string[]) => [...lines].sort();
const told = (report: VersionReport) => sorted(reportLines(report));

describe("the documents' Python sample", () => {
  const scratch = mkdtempSync(join(tmpdir(), "report-programs-"));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const isHere = existsSync(documents);
  if (!isHere) console.warn("SKIPPED: the documents' sample; there are no documents beside BATCHYARD_SPECS");

  test.skipIf(!isHere || without("10.0.0"))("ends with its api-version alone", SLOW, async () => {
    const page = readdirSync(documents)
      .map((name) => readFileSync(join(documents, name), "utf8"))
      .find((text) => text.includes("ms.date: 10/20/2020"));
    const blocks = [...(page ?? "").matchAll(/^```python\n(.*?)^```/gms)].map(([, code = ""]) => code);
    const { clientId, clientSecret, tenantId } = service.ready as unknown as Record<string, string>;
    const { ready } = service;
    const endpoint = proxyVariables({ ...ready, accountKey: ready.accountKey }).AZURE_BATCH_ENDPOINT ?? "";
    const code = blocks
      .map((block) => (block.startsWith(" ") ? `if True:\n${block}` : block))
      .join("\n")
      .replaceAll("<tenant-id>", tenantId ?? "")
      .replaceAll("<application-id>", clientId ?? "")
      .replaceAll("<secret-key>", clientSecret ?? "")
      .replaceAll("https://myaccount.mylocation.batch.azure.com", endpoint);
    const file = join(scratch, "sample.py");
    // The page's other sample lists the account's jobs.
    writeFileSync(file, `${code}\nprint([job.id for job in batch_client.job.list()])\n`, { mode: 0o600 });
    await batch.must("POST", "/jobs", { body: jobBody("listed", "absent-pool") });
    const [report, stdout] = await reportOf(() => python("10.0.0", file, service));
    expect(stdout).toBe("['listed']\n");
    expect(told(report)).toEqual(sorted(SAMPLE));
    await batch.must("DELETE", "/jobs/listed");
  });
});

describe("a job manager", () => {
  test.skipIf(without("8.0.0"))("with certificates and a pool of cloud services", SLOW, async () => {
    const variables = { THUMBPRINT, CER };
    const [report] = await reportOf(() =>
      python("8.0.0", programFile("versions/job_manager.py"), service, variables),
    );
    expect(told(report)).toEqual(sorted(JOB_MANAGER));
  });
});

describe("a trace of .NET", () => {
  const AGENT = "Microsoft.Azure.Batch.Protocol.BatchServiceClient/16.3.1 FxVersion/8.0 OSName/Linux";
  const send = (method: string, path: string, body?: object) =>
    batch.must(method, path, {
      version: "2024-07-01.20.0",
      headers: { "user-agent": AGENT },
      ...(body && { body }),
    });

  test("with a disk, a communication mode and a selection", async () => {
    const recording = await recordVersions(service, batch);
    const { virtualMachineConfiguration, ...pool } = poolBody("net", { targetDedicatedNodes: 0 }) as Json;
    await send("POST", "/pools", {
      ...pool,
      targetLowPriorityNodes: 0,
      virtualMachineConfiguration: {
        ...virtualMachineConfiguration,
        dataDisks: [{ lun: 0, diskSizeGB: 8, storageAccountType: "standard_lrs" }],
      },
    });
    await send("PATCH", "/pools/net", { targetNodeCommunicationMode: "simplified", metadata: [] });
    await send("GET", "/pools/net?$select=id,currentNodeCommunicationMode,state");
    await send("GET", "/pools/net");
    await send("POST", "/pools/net/resize", {
      targetDedicatedNodes: 0,
      nodeDeallocationOption: "RetainedData",
    });
    await send("DELETE", "/pools/net");
    expect(told(await recording.stop())).toEqual(sorted(DOTNET));
  });
});

describe("a program of azure-batch 15.1.0", () => {
  test.skipIf(without("15.1.0"))("is ready, and runs unchanged as 2025-06-01", SLOW, async () => {
    const program = programFile("versions/clean.py");
    const [report, stdout] = await reportOf(() => python("15.1.0", program, service));
    expect(stdout).toBe("['one']\nBatchJobDefaultOrder.CREATION_TIME\n1\n404\n");
    // A poller looks as often as it takes.
    const polled =
      /^(Python azure-batch 15.1.0, 2025-06-01, |unchanged (api-version 2025-06-01|operation (Job|Pool)_Get) ×)\d+/;
    const lines = reportLines(report).map((line) => line.replace(polled, "$1…"));
    expect(sorted(lines)).toEqual(sorted(CLEAN));
    const later = await runningService({ answersAs: "2025-06-01" });
    const again = await python("15.1.0", program, later);
    await later.close();
    expect([again.code, again.stdout], again.stderr).toEqual([0, stdout]);
  });
});

describe("az batch", () => {
  beforeEach(() => batch.must("POST", "/jobs", { body: jobBody("az", "absent-pool") }).then(() => {}));
  afterEach(async () => {
    for (const gone of ["/jobs/az", "/pools/az"]) {
      await batch.must("DELETE", gone);
      await batch.untilGone(gone);
    }
  });

  test.skipIf(missing("the Azure CLI 2.45.0", "sh", ["-c", "az version | grep -q '2.45.0'"]))(
    "of Debian",
    SLOW,
    async () => {
      const words = ["sh", programFile("versions/az.sh"), "--target-communication simplified", "az"];
      const [report] = await reportOf(() => run(words, service));
      expect(told(report)).toEqual(
        sorted(
          azReport({
            az: "2.45.0",
            library: "13.0.1",
            apiVersion: "2022-10-01.16.0",
            management: "2022-10-01",
            instead: "azure-batch 15.1.0 (docs/guides/migrate.md)",
            hasCommunication: true,
          }),
        ),
      );
    },
  );

  test.skipIf(
    missing("the Azure CLI 2.91.0", azPython, [
      "-c",
      "import azure.cli.core as az; assert az.__version__ == '2.91.0'",
    ]),
  )("of today", SLOW, async () => {
    const words = ["sh", programFile("versions/az.sh"), "", azPython, "-m", "azure.cli"];
    const [report] = await reportOf(() => run(words, service));
    expect(told(report)).toEqual(
      sorted(
        azReport({
          az: "2.91.0",
          library: "15.0.0b1",
          apiVersion: "2024-02-01.19.0",
          management: "2024-02-01",
          instead: "azure-batch 15.1.0",
          hasCommunication: false,
        }),
      ),
    );
  });
});
