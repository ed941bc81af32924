/**
 * Azure's management libraries for Go, Java and JavaScript, unmodified, call by call through what they have for this service. What came of it is a table on
 * the compatibility page: `BATCHYARD_WRITE_TOURS=1` writes it anew.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { missing, printed, programEnd, programFile } from "../client-program.fixture.ts";
import { applications, contosoSeed, SUBSCRIPTION } from "../contoso.fixture.ts";
import { javaProperties } from "../java-properties.fixture.ts";
import { expectTour } from "../management-tour.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const GO = programFile("go-management");
const JAVA = programFile("java-identity/Management.java");
const LIBRARIES = programFile("java-identity/build/lib");

const storageLibrary = join(process.env.BATCHYARD_TOUR_CLIENTS ?? "/", "npm-@azure-arm-storage@21.0.0");
const hasStorageLibrary = existsSync(join(storageLibrary, "node_modules/@azure/arm-locks"));
if (!hasStorageLibrary) console.warn("SKIPPED: @azure/arm-storage is not here (BATCHYARD_TOUR_CLIENTS)");

let service: RunningService;
const folder = mkdtempSync(join(tmpdir(), "management-tours-"));
beforeAll(async () => {
  const owner = { principal: applications.contributor.clientId, role: "Owner" };
  const roleAssignments = [
    ...contosoSeed.roleAssignments,
    { ...owner, scope: `/subscriptions/${SUBSCRIPTION}` },
  ];
  service = await runningService({ seed: { ...contosoSeed, roleAssignments } });
});
afterAll(async () => {
  await service?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first build compiles the libraries, which takes a minute; the next ones find them in Go's cache. */
test.skipIf(missing("Go, or the management modules,", "go", ["-C", GO, "mod", "download"]))(
  "Go's armbatch, armauthorization, armmsi and armresources",
  { timeout: 300_000 },
  async () => {
    const program = join(folder, "program");
    const built = await programEnd("go", ["-C", GO, "build", "-o", program, "."], process.env);
    expect(built.code, built.stderr).toBe(0);
    const seen = printed(await programEnd(program, [], environmentWith(proxyVariables(service.ready))));
    expectTour("Go armbatch 2.0.0, armauthorization 2.2.0, armmsi 1.3.0, armresources 1.2.0", seen);
  },
);

test.skipIf(
  missing("a JDK", "keytool", ["-help"]) ||
    missing("azure-resourcemanager-batch", "sh", [
      "-c",
      'ls "$1"/azure-resourcemanager-batch-*.jar',
      "sh",
      LIBRARIES,
    ]),
)("Java's azure-resourcemanager-batch", { timeout: 180_000 }, async () => {
  const words = [...javaProperties(service, folder), "-cp", `${LIBRARIES}/*`, JAVA, "lab"];
  const seen = printed(await programEnd("java", words, environmentWith(proxyVariables(service.ready))));
  expectTour("Java azure-resourcemanager-batch 1.0.0", seen);
});

test.skipIf(!hasStorageLibrary)(
  "JavaScript's arm-storage, arm-locks and what stands beside them",
  { timeout: 180_000 },
  async () => {
    const words = [programFile("tours/management.mjs"), storageLibrary];
    const seen = printed(
      await programEnd(process.execPath, words, environmentWith(proxyVariables(service.ready))),
    );
    expectTour(
      "JavaScript @azure/arm-storage 21.0.0, arm-locks 2.1.0, arm-authorization 9.0.0, arm-msi 2.2.0, arm-resources 8.0.0, arm-batch 9.1.0",
      seen,
    );
  },
);
