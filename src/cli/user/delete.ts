/** `batchyard user delete`: a user who signs in no more. */
import { oneWord } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";

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

export const execute = serviceCommandOnWords(
  {
    yes: { type: "boolean", default: false },
  },
  async ({ values, words, graph }) => {
    const name = oneWord(words, "which user? batchyard user delete USER --yes");
    if (!values.yes) throw new CommandError(`this deletes '${name}': confirm it by --yes`, exitCode.usage);
    const session = await graph();
    const user = await session.send<User>("GET", `/users/${encodeURIComponent(name)}`);
    await session.send("DELETE", `/users/${user.id}`);
    return { json: user, text: `deleted ${user.userPrincipalName}\n` };
  },
);
