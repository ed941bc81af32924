/** Whether users can log in to nodes of this machine, which is what an OpenSSH server and ids for the users make possible. */
import { existsSync } from "node:fs";

const SERVER_PROGRAMS = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];

/** Absolute path, for the server insists on one; undefined where it is not installed. */
export function sshServerProgram(): string | undefined {
  return SERVER_PROGRAMS.find((program) => existsSync(program));
}

/** Says why nobody can log in to nodes here, and what to do about it. */
export class LoginObstacle extends Error {}

export const NO_PLACE =
  "Users can log in to namespace nodes only, and a process node is none. Start the service with --isolation namespace; `batchyard doctor` says what that takes.";
export const NO_IDS =
  "Users cannot log in to a node that has one user id only. Run the service as root, or install uidmap and give its user a range in /etc/subuid and /etc/subgid.";
export const NO_SERVER =
  "Users cannot log in, for OpenSSH's server is not installed on this machine. Install it: apt install openssh-server";
