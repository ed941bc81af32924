/** `batchyard user delete`: a user who signs in no more. */
import { parseWords } from "../command-line.ts";
import { graphSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";

export const help = `Delete a user. Signing in and refresh tokens end at once; a token already given
lives until it expires.

Usage: batchyard user delete USER --yes      (NAME@DOMAIN or object id)

  --yes        without it, nobody is deleted
  --data DIR   the service's state folder
  --json       the deleted user as one JSON object
`;

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
}

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    yes: { type: "boolean", default: false },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [name, ...others] = words;
  if (!name || others.length > 0)
    throw new CommandError("which user? batchyard user delete USER --yes", exitCode.usage);
  if (!values.yes) throw new CommandError(`this deletes '${name}': confirm it by --yes`, exitCode.usage);
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const user = await session.send<User>("GET", `/users/${encodeURIComponent(name)}`);
  await session.send("DELETE", `/users/${user.id}`);
  process.stdout.write(values.json ? `${JSON.stringify(user)}\n` : `deleted ${user.userPrincipalName}\n`);
  return exitCode.ok;
}
