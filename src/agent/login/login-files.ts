/**
 * The files that an SSH server sees for one connection: its configuration, and accounts with the node's users among them. Pure:
 * native/login.c shows them to that server and to nobody else.
 */
import type { NodeUserSpec } from "../../wire/agent/messages.ts";
import { TASK_ID } from "../sandbox/sandbox-ids.ts";
import { HOMES } from "./login-folder.ts";

export interface LoginUser extends NodeUserSpec {
  /** Inside the node. */
  readonly uid: number;
}

export interface LoginFilesInput {
  readonly users: readonly LoginUser[];
  /** Lines of passwd(5) and group(5) that the node has anyway. */
  readonly passwd: readonly string[];
  readonly group: readonly string[];
  /** PEM or OpenSSH. */
  readonly hostKey: string;
  readonly shell: string;
  readonly environment: readonly (readonly [name: string, value: string])[];
}

/** As native/login.c takes it. */
export type LoginFile = readonly [modeOrFolder: string, contentOrOwner: string, target: string];

/** The id of the account that the server runs as before it has authenticated anybody; the users' ids come after it, for a node may have few ids. */
export const SERVER_ID = TASK_ID + 1;
const SERVER_USER = "sshd";

export function loginFiles({
  users,
  passwd,
  group,
  hostKey,
  shell,
  environment,
}: LoginFilesInput): LoginFile[] {
  const ours = new Set([SERVER_USER, ...users.map(({ name }) => name)]);
  const ids = new Set([SERVER_ID, ...users.map(({ uid }) => uid)]);
  const others = (lines: readonly string[]) =>
    lines.filter((line) => {
      const [name = "", , id] = line.split(":");
      return !ours.has(name) && !ids.has(Number(id));
    });
  const server = `${SERVER_USER}:x:${SERVER_ID}:${SERVER_ID}::/run/sshd:/usr/sbin/nologin`;
  const accounts = users.map(({ name, ...user }) => {
    // Whoever administers the node is its root under another name.
    const id = user.isAdmin ? 0 : user.uid;
    return `${name}:x:${id}:${id}::${HOMES}/${name}:${shell}`;
  });
  const groups = users.filter(({ isAdmin }) => !isAdmin).map(({ name, uid }) => `${name}:x:${uid}:`);
  return [
    ["0644", text([...others(passwd), server, ...accounts]), "/etc/passwd"],
    ["0644", text([...others(group), `${SERVER_USER}:x:${SERVER_ID}:`, ...groups]), "/etc/group"],
    ["0600", text(["root:*:::::::", ...users.map(shadow)]), "/etc/shadow"],
    ["0600", hostKey, "host_key"],
    ["0600", configuration(users, environment), "sshd_config"],
    ...users.flatMap(({ name, sshPublicKey }): LoginFile[] =>
      sshPublicKey === undefined ? [] : [["0644", `${sshPublicKey}\n`, `keys/${name}`]],
    ),
    ["folder", "0", "/run/sshd"],
    ...users.map(
      ({ name, isAdmin, uid }): LoginFile => ["folder", String(isAdmin ? 0 : uid), `${HOMES}/${name}`],
    ),
  ];
}

/** An asterisk is no password, and locks nobody out who has a key. */
function shadow({ name, passwordHash = "*" }: LoginUser): string {
  return `${name}:${passwordHash}:::::::`;
}

/** sshd_config(5). What it forwards it reaches from inside the node, as the node's tasks do. */
function configuration(
  users: readonly LoginUser[],
  environment: readonly (readonly [name: string, value: string])[],
): string {
  const hasPasswords = users.some(({ passwordHash }) => passwordHash !== undefined);
  const variables = environment.map(([name, value]) => `"${name}=${value}"`);
  return text([
    "HostKey /run/login/host_key",
    "AuthorizedKeysFile /run/login/keys/%u",
    `AllowUsers ${users.map(({ name }) => name).join(" ")}`,
    "PermitRootLogin yes", // its own password is none; the administrators are
    `PasswordAuthentication ${hasPasswords ? "yes" : "no"}`,
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "MaxAuthTries 6",
    "LoginGraceTime 30",
    "AllowTcpForwarding local",
    "AllowStreamLocalForwarding no",
    "AllowAgentForwarding no",
    "X11Forwarding no",
    "PermitTunnel no",
    "PermitUserEnvironment no",
    "PidFile none",
    "PrintLastLog no",
    "PrintMotd no",
    "UseDNS no",
    "AcceptEnv LANG LC_*",
    ...(variables.length > 0 ? [`SetEnv ${variables.join(" ")}`] : []),
    "Subsystem sftp internal-sftp",
  ]);
}

function text(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
