/** `batchyard up`: the service in the foreground, until a signal. */
import { parseOptions } from "./command/command-line.ts";
import { exitCode } from "./command/exit-code.ts";
import { endpointTable, table } from "./connect/endpoint-table.ts";
import { shellDialects } from "./connect/shell-dialect.ts";
import { dataFolder } from "./service/data-folder.ts";
import { type HostedService, hostEphemeralService, hostService } from "./service/hosted-service.ts";
import { shrinkHeapWhenIdle } from "./service/idle-heap.ts";
import { ownCommand } from "./service/own-command.ts";
import { serviceOptions, serviceOptionsHelp, toServiceOptions } from "./service/service-options.ts";
import { holdStopSignals } from "./service/stop-signal.ts";

export const help = `Start the service and keep it running until Ctrl-C or SIGTERM.

Usage: batchyard up

  --data DIR           where all state lies
                       (default: $XDG_STATE_HOME/batchyard, else
                       ~/.local/state/batchyard)
  --ephemeral          a temporary folder instead, removed at the end
${serviceOptionsHelp}  --json               one JSON line when it is ready; nothing else

Its log goes to stderr.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const values = parseOptions(argv, {
    ...serviceOptions,
    data: { type: "string" },
    ephemeral: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const options = {
    ...toServiceOptions(values),
    log: (line: string) => void process.stderr.write(`${line}\n`),
  };
  // A log that nobody takes (a full disk, a reader that went) is lost; the service goes on.
  process.stderr.on("error", () => {});
  const signals = holdStopSignals();
  const service = values.ephemeral
    ? await hostEphemeralService(options)
    : await hostService(dataFolder(values.data), options);
  process.stdout.write(values.json ? `${JSON.stringify(service.ready)}\n` : greeting(service));
  shrinkHeapWhenIdle();
  await new Promise<void>((resolve) => signals.listen(() => resolve()));
  await service.close();
  signals.release();
  return exitCode.ok;
}

function nodesLine(nodes: HostedService["ready"]["nodes"]): string | null {
  if (nodes === "namespace") return "in namespaces of their own";
  return nodes && "processes of this machine, which is no boundary: batchyard doctor";
}

function greeting({ ready, dataFolder: folder }: HostedService): string {
  const seconds = (performance.now() / 1000).toFixed(1);
  const data = folder === dataFolder(undefined) ? "" : ` --data ${shellDialects.bash.quote(folder)}`;
  return `Batchyard is ready after ${seconds} s.

${endpointTable(ready, folder)}${table([["Nodes", nodesLine(ready.nodes)]])}
${table([
  ["Application", ready.clientId],
  ["Secret", ready.clientSecret],
  ["User", ready.username],
  ["Password", ready.password],
])}
Next, in another terminal:
  ${ownCommand} run${data} -- python3 app.py
  eval "$(${ownCommand} env${data})"
  ${ownCommand} stop${data}
`;
}
