/** `batchyard user create`: a user who can sign in. */
import { randomBytes } from "node:crypto";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { table } from "../connect/endpoint-table.ts";

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

export const execute = serviceCommandOnWords(
  { name: { type: "string" } },
  async ({ values, words, graph }) => {
    const [userPrincipalName, ...others] = words;
    const [nickname = "", domain = ""] = userPrincipalName?.split("@") ?? [];
    if (userPrincipalName === undefined || others.length > 0 || nickname === "" || domain === "") {
      throw new CommandError("which user? batchyard user create NAME@DOMAIN", exitCode.usage);
    }
    const session = await graph();
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
    return { json: { ...user, password }, text };
  },
);
