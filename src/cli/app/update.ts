/** `batchyard app update`: changes how an application is registered. */
import { oneWord } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { type Application, findApplication } from "./application-requests.ts";
import { registrationBody, registrationHelp, registrationOptions } from "./registration-options.ts";

export const help = `Change an application's registration. Redirect URIs that are given take the
place of those that its platform had.

Usage: batchyard app update APPLICATION OPTIONS    (its id or its name)

${registrationHelp}  --name NAME          its new display name
  --data DIR           the service's state folder
  --json               the application as Microsoft Graph has it now
`;

export const execute = serviceCommandOnWords(
  {
    ...registrationOptions,
    name: { type: "string" },
  },
  async ({ values, words, graph }) => {
    const name = oneWord(words, "which application? batchyard app update APPLICATION OPTIONS");
    const body = {
      ...registrationBody(values),
      ...(values.name !== undefined && { displayName: values.name }),
    };
    if (Object.keys(body).length === 0)
      throw new CommandError("nothing to change: give --redirect-uri, --accounts or --name", exitCode.usage);
    const session = await graph();
    const { id } = await findApplication(session, name);
    await session.send("PATCH", `/applications/${id}`, body);
    const application = await session.send<Application>("GET", `/applications/${id}`);
    return { json: application, text: `changed ${application.displayName}\n` };
  },
);
