/** `batchyard app secret add`: a secret with which an application signs in. */
import { oneWord } from "../../command/command-line.ts";
import { CommandError, exitCode } from "../../command/exit-code.ts";
import { serviceCommandOnWords } from "../../command/service-command.ts";
import { table } from "../../connect/endpoint-table.ts";
import { findApplication } from "../application-requests.ts";

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

export const execute = serviceCommandOnWords(
  {
    valid: { type: "string", default: "1y" },
  },
  async ({ values, words, graph }) => {
    const name = oneWord(words, "which application? batchyard app secret add APPLICATION");
    if (!YEARS.has(values.valid)) throw new CommandError("--valid takes 1y, 2y or never", exitCode.usage);
    const session = await graph();
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
    return { json: secret, text };
  },
);

function endOf(years: number | undefined): string {
  if (years === undefined) return NEVER;
  const end = new Date();
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end.toISOString();
}
