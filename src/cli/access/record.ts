/**
 * `batchyard access record`: watches which permissions a program or a principal really uses, and prints the custom role that allows
 * those and nothing else. With `--apply` the role takes the place of the broader ones.
 */

import type { RecordedRole } from "../../wire/access/access-api.ts";
import { parseOptions, splitProgram } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { endLikeChild, runChild } from "../connect/child-program.ts";
import { environmentWith, proxyVariables } from "../connect/connect-mode.ts";
import { accessPath, type ManagementSession, managementSession } from "../connect/management-session.ts";
import { applyRole } from "../role/role-apply.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { serviceConnection } from "../service/service-connection.ts";
import { holdStopSignals, type StopSignals } from "../service/stop-signal.ts";
import { spanSeconds } from "../time-span.ts";

export const help = `Print the smallest role for what a program does.

Usage: batchyard access record [OPTIONS] -- PROGRAM [ARGUMENTS]
       batchyard access record [OPTIONS] --for SPAN

Runs the program as 'batchyard run' does, or waits; what the principal used
meanwhile becomes a custom role, printed as JSON for 'batchyard role create'.
The program's own output goes to standard error.

  --principal P  whom to watch: object id, application id or user name;
                 default: the application that 'run' and 'env' sign in as
  --for SPAN     e.g. 90s, 10m, 24h; Ctrl-C ends it early
  --scope S      only what is done here and below; default: the subscription
  --name NAME    the role's name
  --apply        create the role, assign it where it is needed, and take back
                 the principal's other roles that hold there
  --data DIR     the service's state folder
  --json         the role on one line

The exit code is the program's.
`;

const options = {
  principal: { type: "string" },
  for: { type: "string" },
  scope: { type: "string" },
  name: { type: "string" },
  apply: { type: "boolean", default: false },
  data: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** A program has no end that is known; what is recorded after this is not. */
const PROGRAM_MAX_SECONDS = 86_400;

export async function execute(argv: readonly string[]): Promise<number> {
  const { own, program } = splitProgram(argv, options);
  const values = parseOptions(own, options);
  const seconds = values.for === undefined ? undefined : spanSeconds(values.for);
  if (program.length > 0 === (values.for !== undefined)) {
    throw new CommandError("give a program after --, or --for SPAN (see --help)", exitCode.usage);
  }
  if (values.for !== undefined && seconds === undefined) {
    throw new CommandError(`'${values.for}' is no span of time: 90s, 10m, 24h`, exitCode.usage);
  }
  const folder = dataFolder(values.data);
  const service = await runningService(folder);
  // Asks for the account's key, as the application: before the recording, which would count it in.
  const connection = await serviceConnection(service, folder);
  const principal = values.principal ?? connection.clientId;
  if (principal === null)
    throw new CommandError("whom? credentials.json is gone; give --principal", exitCode.usage);
  const session = await managementSession(service, folder);
  const recording = accessPath(`recordings/${encodeURIComponent(principal)}`);
  await session.send("PUT", recording, {
    scope: values.scope ?? `/subscriptions/${service.subscriptionId}`,
    seconds: seconds ?? PROGRAM_MAX_SECONDS,
  });
  const signals = holdStopSignals();
  const environment = environmentWith(proxyVariables(connection));
  const stop = () => session.send<RecordedRole>("DELETE", recording);
  const end =
    seconds === undefined
      ? await runChild({ words: program, environment, stdio: ["inherit", 2, "inherit"] }, signals).catch(
          async (error) => {
            await stop();
            throw error;
          },
        )
      : await elapsed(seconds, signals);
  signals.release();
  await report(await stop(), values, () => managementSession(service, folder, "administrator"));
  return end === undefined ? exitCode.ok : endLikeChild(end);
}

function elapsed(seconds: number, signals: StopSignals): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1_000);
    signals.listen(done);
    function done(): void {
      clearTimeout(timer);
      resolve(undefined);
    }
  });
}

async function report(
  { role, assignAt, principal, recording }: RecordedRole,
  {
    name,
    apply,
    json,
  }: { readonly name?: string | undefined; readonly apply: boolean; readonly json: boolean },
  administrator: () => Promise<ManagementSession>,
): Promise<void> {
  if (role === null)
    throw new CommandError(
      `${principal.displayName} used no permission (the account's key needs none), so there is no role to make`,
    );
  if (recording.isTruncated)
    throw new CommandError("more was used than a recording holds: give a narrower --scope");
  const named = { properties: { ...role.properties, roleName: name ?? role.properties.roleName } };
  process.stdout.write(`${json ? JSON.stringify(named) : JSON.stringify(named, null, 1)}\n`);
  if (!apply) return;
  if (assignAt === null)
    throw new CommandError("what was used has no scope in common: assign the role by hand");
  for (const line of await applyRole(await administrator(), { role: named, scope: assignAt, principal })) {
    process.stderr.write(`batchyard: ${line}\n`);
  }
}
