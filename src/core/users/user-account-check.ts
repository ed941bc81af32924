/**
 * What the user accounts of a pool must be, each by itself, to each other and to their pool. Source: Azure Batch REST, "UserAccount",
 * "LinuxUserConfiguration", "WindowsUserConfiguration", "UserIdentity"; "Run tasks under user accounts in Batch".
 */
import {
  NODE_USER_NAME_PATTERN,
  USER_ACCOUNTS_MAX,
  USER_NAME_MAX_CHARACTERS,
} from "../../wire/batch/limits.ts";
import type {
  LinuxUserConfiguration,
  PoolAddParameter,
  UserAccount,
  UserIdentity,
} from "../../wire/batch/models-types.gen.ts";
import { Fault } from "../fault.ts";
import { PropertyProblem } from "../model/property-problem.ts";
import { isWindowsPool } from "./pool-system.ts";

/** Names that mean somebody else on every node: its administrator, its tasks, its servers, and nobody. */
const RESERVED_NAMES = new Set([
  ...["root", "admin", "nonadmin", "nobody", "nogroup", "_azbatch", "sshd"],
  ...["daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data"],
  ...["backup", "list", "irc", "_apt", "messagebus", "syslog"],
]);

/** Of the node's tasks, of its login server, and of nobody. */
export const NODE_IDS: ReadonlySet<number> = new Set([1000, 1001, 65_534]);

export function userNameProblem(name: string): PropertyProblem | null {
  if (name.length > USER_NAME_MAX_CHARACTERS)
    return invalid(`may have at most ${USER_NAME_MAX_CHARACTERS} characters`, name);
  if (!NODE_USER_NAME_PATTERN.test(name))
    return invalid(
      "must be letters, digits, underscores, hyphens and dots, a letter or an underscore first: nodes are Linux",
      name,
    );
  if (RESERVED_NAMES.has(name) || name.startsWith("systemd-"))
    return invalid("is the name of an account that nodes have anyway", name);
  return null;
}

export function linuxUserProblem({ uid, gid }: LinuxUserConfiguration): PropertyProblem | null {
  if ((uid === undefined) !== (gid === undefined)) {
    const missing = uid === undefined ? "uid" : "gid";
    return invalid("uid and gid must be given together or not at all", undefined).within(missing);
  }
  for (const [name, id] of Object.entries({ uid, gid })) {
    if (id !== undefined && (id < 1 || NODE_IDS.has(id)))
      return invalid(
        `must be at least 1, and none of the node's own: ${[...NODE_IDS].join(", ")}`,
        id,
      ).within(name);
  }
  return null;
}

/** @param accounts each of them right by itself */
export function userAccountsProblem(accounts: readonly UserAccount[]): PropertyProblem | null {
  if (accounts.length > USER_ACCOUNTS_MAX)
    return invalid(`may have at most ${USER_ACCOUNTS_MAX} entries`, accounts.length);
  const names = new Set<string>();
  const ids = new Set<number>();
  for (const [at, { name, linuxUserConfiguration: { uid } = {} }] of accounts.entries()) {
    if (names.has(name))
      return invalid("another account has this name", name).within("name").within(`[${at}]`);
    names.add(name);
    if (uid === undefined) continue;
    if (ids.has(uid)) {
      const problem = invalid("another account has this id", uid).within("uid");
      return problem.within("linuxUserConfiguration").within(`[${at}]`);
    }
    ids.add(uid);
  }
  return null;
}

export function userIdentityProblem({ username, autoUser }: UserIdentity): PropertyProblem | null {
  if (username !== undefined && autoUser !== undefined)
    return invalid("username and autoUser exclude each other", username).within("username");
  return null;
}

/** What the accounts must be to their pool. @throws Fault InvalidPropertyValue, NotImplemented */
export function checkUserAccounts(pool: Omit<PoolAddParameter, "id">): void {
  const isWindows = isWindowsPool(pool);
  for (const [at, account] of (pool.userAccounts ?? []).entries()) {
    const path = `userAccounts[${at}]`;
    const { windowsUserConfiguration: windows, linuxUserConfiguration: linux } = account;
    if (windows !== undefined && !isWindows) {
      throw fault("InvalidPropertyValue", `${path}.windowsUserConfiguration`, {
        reason: "It is for Windows pools only.",
      });
    }
    // Without communication between nodes the key is ignored, in Azure as here.
    if (linux?.sshPrivateKey !== undefined && pool.enableInterNodeCommunication && !isWindows)
      throw fault("NotImplemented", `${path}.linuxUserConfiguration.sshPrivateKey`);
    if (windows?.loginMode !== undefined)
      throw fault("NotImplemented", `${path}.windowsUserConfiguration.loginMode`);
  }
}

function invalid(reason: string, value: unknown): PropertyProblem {
  return new PropertyProblem("InvalidPropertyValue", reason, value);
}

function fault(
  code: "InvalidPropertyValue" | "NotImplemented",
  path: string,
  { reason }: { readonly reason?: string } = {},
): Fault {
  const name = path.split(".").at(-1) ?? path;
  const message = code === "NotImplemented" ? `This service does not act on '${name}' yet.` : "";
  return new Fault(code, message, {
    values: [
      { key: "PropertyName", value: name },
      { key: "PropertyPath", value: path },
      ...(reason === undefined ? [] : [{ key: "Reason", value: reason }]),
    ],
  });
}
