/** `batchyard env`: prints what points clients at the running service, in the reader's shell. Changes only `cloud.json`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseOptions } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { AZURE_CLOUD_NAME, azureCloud } from "./connect/azure-cloud.ts";
import {
  directVariables,
  modeVariableNames,
  proxyVariables,
  trustVariables,
  type Variables,
} from "./connect/connect-mode.ts";
import { hostsLines, removeHostsLines } from "./connect/hosts-lines.ts";
import { type ShellDialect, shellDialects, shellOf } from "./connect/shell-dialect.ts";
import { dataFolder } from "./service/data-folder.ts";
import { runningService } from "./service/running-service.ts";
import { type ServiceConnection, serviceConnection } from "./service/service-connection.ts";

export const help = `Print the settings that point clients at the running service.

Usage: eval "$(batchyard env)"
       batchyard env --shell fish | source
       batchyard env --shell powershell | Out-String | Invoke-Expression

  --mode MODE    proxy   Azure's own addresses, through the proxy (default)
                 direct  https://localhost and ports, no proxy
                 az      registers a cloud with the Azure CLI
                 hosts   lines for /etc/hosts; the service must have port 443
  --shell SHELL  bash (and zsh, sh), fish or powershell; default: from $SHELL
  --unset        take the settings back
  --data DIR     the service's state folder
  --json         one JSON object instead of shell code

PowerShell's own web commands read their trust and proxy when it starts: for
them, start another from it (pwsh), or use "batchyard run -- pwsh".

The output holds the application's secret and the account's key.
`;

const modes = ["proxy", "direct", "az", "hosts"];

/** What a mode comes down to; the parts a mode does not need are empty. */
interface Settings {
  readonly variables: Variables;
  readonly commands: readonly (readonly string[])[];
  readonly hosts: readonly string[];
  readonly notes: readonly string[];
}

const nothing: Settings = { variables: {}, commands: [], hosts: [], notes: [] };

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    mode: { type: "string", default: "proxy" },
    shell: { type: "string", default: shellOf(process.env.SHELL) },
    unset: { type: "boolean", default: false },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  if (options.mode === "msi") {
    throw new CommandError("mode msi comes with managed identities, which are not there yet");
  }
  if (!modes.includes(options.mode)) {
    throw new CommandError(
      `--mode takes ${modes.join(", ")}; '${options.mode}' is none of them`,
      exitCode.usage,
    );
  }
  const dialect = Object.entries(shellDialects).find(([name]) => name === options.shell)?.[1];
  if (dialect === undefined) {
    throw new CommandError(
      `--shell takes ${Object.keys(shellDialects).join(", ")}; '${options.shell}' is none of them`,
      exitCode.usage,
    );
  }
  const settings = options.unset
    ? unsetting(options.mode)
    : await setting(options.mode, dataFolder(options.data));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ mode: options.mode, ...settings })}\n`
      : inShell(settings, dialect)
          .map((line) => `${line}\n`)
          .join(""),
  );
  return exitCode.ok;
}

async function setting(mode: string, folder: string): Promise<Settings> {
  const connection = await serviceConnection(await runningService(folder), folder);
  switch (mode) {
    case "az":
      return azSettings(connection, folder);
    case "hosts":
      return {
        ...nothing,
        hosts: hostsLines(connection),
        notes: [
          "Append these lines to /etc/hosts; the service needs: batchyard up --port 443",
          `Clients must trust ${connection.caFile}`,
        ],
      };
    case "direct":
      return { ...nothing, variables: directVariables(connection) };
    default:
      return { ...nothing, variables: proxyVariables(connection) };
  }
}

async function azSettings(connection: ServiceConnection, folder: string): Promise<Settings> {
  const file = join(folder, "cloud.json");
  await writeFile(file, `${JSON.stringify(azureCloud(connection), null, 2)}\n`);
  return {
    ...nothing,
    variables: trustVariables(connection),
    commands: [
      ["az", "cloud", "register", "-n", AZURE_CLOUD_NAME, "--cloud-config", `@${file}`],
      ["az", "cloud", "set", "-n", AZURE_CLOUD_NAME],
    ],
    notes: [
      // The equals sign, because a secret may begin with a dash.
      `then: az login --service-principal --username ${connection.clientId ?? "APPLICATION"} ` +
        `--password=${connection.clientSecret ?? "SECRET"} --tenant ${connection.tenantId}`,
    ],
  };
}

function unsetting(mode: string): Settings {
  return {
    ...nothing,
    variables: Object.fromEntries(modeVariableNames.map((name) => [name, null])),
    commands:
      mode === "az"
        ? [
            ["az", "cloud", "set", "-n", "AzureCloud"],
            ["az", "cloud", "unregister", "-n", AZURE_CLOUD_NAME],
          ]
        : [],
    notes: mode === "hosts" ? [`to take the lines out: ${removeHostsLines}`] : [],
  };
}

function inShell({ variables, commands, hosts, notes }: Settings, dialect: ShellDialect): string[] {
  const setsSome = Object.values(variables).some((value) => value !== null);
  return [
    ...Object.entries(variables).map(([name, value]) =>
      value === null ? dialect.unset(name) : dialect.set(name, value),
    ),
    ...commands.map((words) =>
      words.map((word) => (/^[\w./-]+$/.test(word) ? word : dialect.quote(word))).join(" "),
    ),
    ...notes.map((note) => `# ${note}`),
    ...hosts,
    ...(setsSome && dialect.caution !== undefined ? [dialect.caution] : []),
  ];
}
