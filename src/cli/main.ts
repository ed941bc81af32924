/**
 * Picks the command and prints usage; each command's file is loaded only when it is asked for, so that start-up stays
 * short. Turns what a command throws into one line and an exit code. Does no work of its own.
 */
import { readFileSync } from "node:fs";
import { CommandError, exitCode } from "./command/exit-code.ts";

/** What each command's file exports. */
interface Command {
  readonly help: string;
  execute(argv: readonly string[]): Promise<number>;
}

const commands: Record<string, { readonly summary: string; load(): Promise<Command> }> = {
  up: { summary: "start the service and keep it running", load: () => import("./up.ts") },
  run: { summary: "run a program whose Azure calls come here", load: () => import("./run.ts") },
  env: { summary: "print the settings that point clients here", load: () => import("./env.ts") },
  status: { summary: "show the running service", load: () => import("./status.ts") },
  stop: { summary: "stop the running service", load: () => import("./stop.ts") },
  account: { summary: "Batch accounts and their keys", load: () => import("./account.ts") },
  group: { summary: "resource groups", load: () => import("./group.ts") },
  access: { summary: "who may do what, and why", load: () => import("./access.ts") },
  versions: { summary: "what breaks when an api-version is retired", load: () => import("./versions.ts") },
  role: { summary: "roles and who holds them", load: () => import("./role.ts") },
  tenant: { summary: "the tenant and its domains", load: () => import("./tenant.ts") },
  app: { summary: "applications, their secrets and permissions", load: () => import("./app.ts") },
  user: { summary: "users who can sign in", load: () => import("./user.ts") },
  login: { summary: "sign a user in: browser or device code", load: () => import("./login.ts") },
  portal: { summary: "open the portal in the browser", load: () => import("./portal.ts") },
  image: { summary: "container images", load: () => import("./image.ts") },
  doctor: { summary: "show what nodes can be on this machine", load: () => import("./doctor.ts") },
  clock: { summary: "show or move a test service's clock", load: () => import("./clock.ts") },
  demo: { summary: "sign in, make a pool, run 100 real tasks", load: () => import("./demo.ts") },
};

const usage = `Azure Batch with its identity and access system, on your own machine.

Usage: batchyard COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

batchyard COMMAND --help tells more; batchyard --version tells the version.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no service is running.
`;

// A reader that has seen enough (`batchyard env | head -1`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    (name === undefined ? process.stderr : process.stdout).write(usage);
    return name === undefined ? exitCode.usage : exitCode.ok;
  }
  if (name === "--version" || name === "-V") {
    process.stdout.write(`${packageVersion()}\n`);
    return exitCode.ok;
  }
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(`batchyard: there is no command '${name}'; batchyard --help lists them.\n`);
    return exitCode.usage;
  }
  return command(name, argv);
}

async function command(name: string, argv: string[]): Promise<number> {
  const loaded = await commands[name]?.load();
  if (loaded === undefined) throw new Error(`no command ${name}`);
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const asksForHelp = own[0] === "--help" || own[0] === "-h";
  if (asksForHelp) {
    process.stdout.write(loaded.help);
    return exitCode.ok;
  }
  try {
    return await loaded.execute(argv);
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`batchyard ${name}: ${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}

/** The same way up from `src/cli` and from `dist/cli`. */
function packageVersion(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
