/** Microsoft's Graph library for Python, unmodified, call by call through the directory: right in every line. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { printed, programEnd, programFile } from "../client-program.fixture.ts";
import { expectTour } from "../management-tour.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const library = join(process.env.BATCHYARD_TOUR_CLIENTS ?? "", "msgraph-sdk");
const isHere = existsSync(library);
if (!isHere)
  console.warn("SKIPPED: msgraph-sdk is not here (.ci/tour-clients DIR, then BATCHYARD_TOUR_CLIENTS=DIR)");

let service: RunningService;
beforeAll(async () => {
  if (isHere) service = await runningService();
});
afterAll(() => service?.close());

test.skipIf(!isHere)("msgraph-sdk manages applications, users and groups", { timeout: 120_000 }, async () => {
  const end = await programEnd("python3", [programFile("tours/graph_tour.py")], {
    ...environmentWith(proxyVariables(service.ready)),
    PYTHONPATH: library,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
  });
  const seen: Readonly<Record<string, string>> = printed(end);
  expectTour("Python msgraph-sdk 1.65.0", seen);
});
