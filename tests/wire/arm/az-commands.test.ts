/**
 * The newest Azure CLI, unmodified, through what it has for this service: each command of `programs/az-commands.txt`. They run in one
 * process, because starting `az` takes longer than what it does; each is a new `az` in it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AZ_COMMANDS_FILE, azCommands } from "../../../tools/arm/az-commands.ts";
import { batchyardRun, missing, programFile } from "../client-program.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import { type AzFiles, azFiles } from "./az-files.fixture.ts";

/** The interpreter of the environment in which `programs/az-newest.txt` is installed. `.ci/run` makes one. */
const python = process.env.BATCHYARD_AZ_PYTHON || "no BATCHYARD_AZ_PYTHON";
const DAY_MS = 86_400_000;

interface Ended {
  readonly line: string;
  /** Null for a command that is to be tried. */
  readonly awaited: string | null;
  readonly code: number;
  readonly complaints: string;
}

let service: RunningService;
let files: AzFiles;
beforeAll(async () => {
  service = await runningService();
  files = azFiles(service.ready.subscriptionId);
});
afterAll(async () => {
  files?.remove();
  await service?.close();
});

test.skipIf(missing("the newest Azure CLI", python, ["-c", "import azure.cli.core"]))(
  "each command of the newest az ends as the compatibility page says",
  { timeout: 900_000 },
  async () => {
    const username = service.ready.username ?? "";
    const timeOf = (ms: number) => `${new Date(Date.now() + ms).toISOString().slice(0, 16)}Z`;
    const { code, stdout, stderr } = await batchyardRun(
      [python, programFile("az_commands.py"), AZ_COMMANDS_FILE, files.folder],
      ["--data", service.folder],
      {
        ...process.env,
        AZURE_CONFIG_DIR: `${files.folder}/config`,
        AZURE_CORE_COLLECT_TELEMETRY: "0",
        // Without it, signing in asks which subscription is meant.
        AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
        SIGN_IN_USER: username,
        SIGN_IN_PASSWORD: service.ready.password ?? "",
        DOMAIN: username.split("@")[1] ?? "",
        RUN: String(process.pid),
        TOMORROW: timeOf(DAY_MS),
        YESTERDAY: timeOf(-DAY_MS),
        YESTERDAY_SECONDS: timeOf(-DAY_MS).replace("Z", ":00Z"),
      },
    );
    expect(code, stderr).toBe(0);
    const ended = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Ended]));
    const awaited = ended.filter((command) => command.awaited !== null && command.code !== 0);
    const tried = ended.filter((command) => command.awaited === null);
    const expected = azCommands();
    expect(tried.map(({ line }) => line)).toEqual(expected.map(({ line }) => line));
    const others = tried.filter((command, index) => command.code !== expected[index]?.code);
    expect([...awaited, ...others].map(({ line, code, complaints }) => ({ line, code, complaints }))).toEqual(
      [],
    );
  },
);
