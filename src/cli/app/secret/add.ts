/** `batchyard app secret add`: a secret with which an application signs in. */
import { parseWords } from "../../command-line.ts";
import { table } from "../../connect/endpoint-table.ts";
import { graphSession } from "../../connect/management-session.ts";
import { CommandError, exitCode } from "../../exit-code.ts";
import { dataFolder } from "../../service/data-folder.ts";
import { runningService } from "../../service/running-service.ts";
import { applicationWord, findApplication } from "../application-requests.ts";

export const help = `Add a secret to an application. Its value is shown this once.

Usage: batchyard app secret add APPLICATION [--valid 1y|2y|never]

  --valid T    how long it works: 1y (default), 2y or never to end
  --data DIR   the service's state folder
  --json       as Microsoft Graph has it
`;

/** Years. Without end is what Azure's portal wrote for "Never": the end of 2299. */
const YEARS: ReadonlyMap<string, number | undefined> = new Map([
  ["1y", 1],
  ["2y", 2],
  ["never", undefined],
]);
const NEVER = "2299-12-30T12:00:00Z";

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    valid: { type: "string", default: "1y" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const name = applicationWord(words, "batchyard app secret add APPLICATION");
  if (!YEARS.has(values.valid)) throw new CommandError("--valid takes 1y, 2y or never", exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const application = await findApplication(session, name);
  const secret = await session.send<{ readonly secretText: string; readonly endDateTime: string }>(
    "POST",
    `/applications/${application.id}/addPassword`,
    { passwordCredential: { endDateTime: endOf(YEARS.get(values.valid)) } },
  );
  const text = table([
    ["Client id", application.appId],
    ["Secret", secret.secretText],
    ["Valid until", secret.endDateTime],
  ]);
  process.stdout.write(values.json ? `${JSON.stringify(secret)}\n` : text);
  return exitCode.ok;
}

function endOf(years: number | undefined): string {
  if (years === undefined) return NEVER;
  const end = new Date();
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end.toISOString();
}
