/** `batchyard user create`: a user who can sign in. */
import { randomBytes } from "node:crypto";
import { parseWords } from "../command-line.ts";
import { table } from "../connect/endpoint-table.ts";
import { graphSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";

export const help = `Create a user with a random password, which is shown this once.

Usage: batchyard user create NAME@DOMAIN [--name DISPLAY]

  --name D     the name to show; default: what stands before the @
  --data DIR   the service's state folder
  --json       as Microsoft Graph has it, and the password
`;

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
}

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    name: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [userPrincipalName, ...others] = words;
  const [nickname = "", domain = ""] = userPrincipalName?.split("@") ?? [];
  if (userPrincipalName === undefined || others.length > 0 || nickname === "" || domain === "") {
    throw new CommandError("which user? batchyard user create NAME@DOMAIN", exitCode.usage);
  }
  const folder = dataFolder(values.data);
  const session = await graphSession(await runningService(folder), folder);
  const password = `Aa1-${randomBytes(18).toString("base64url")}`;
  const user = await session.send<User>("POST", "/users", {
    accountEnabled: true,
    displayName: values.name ?? nickname,
    mailNickname: nickname,
    userPrincipalName,
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
  const text = table([
    ["User", user.userPrincipalName],
    ["Id", user.id],
    ["Password", password],
  ]);
  process.stdout.write(values.json ? `${JSON.stringify({ ...user, password })}\n` : text);
  return exitCode.ok;
}
