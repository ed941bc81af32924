/** The options that describe a service to start, shared by the commands that start one. */
import { resolve } from "node:path";
import type { ServiceOptions } from "../main.ts";
import { CommandError, exitCode } from "./exit-code.ts";

export const serviceOptions = {
  port: { type: "string" },
  bind: { type: "string" },
  seed: { type: "string" },
  database: { type: "string" },
  "lenient-audience": { type: "boolean" },
} as const;

export const serviceOptionsHelp = `  --port PORT          main TLS port (default 8443); 0 takes any free port,
                       for every listener
  --bind ADDRESS       listen beyond loopback
  --seed FILE          what the first start declares: tenants, applications,
                       accounts, roles, pools
  --database URL       PostgreSQL instead of the embedded SQLite
  --lenient-audience   accept other spellings of the Batch audience
`;

interface Values {
  readonly port?: string | undefined;
  readonly bind?: string | undefined;
  readonly seed?: string | undefined;
  readonly database?: string | undefined;
  readonly "lenient-audience"?: boolean | undefined;
}

/** @throws CommandError (usage) when the port is none. */
export function toServiceOptions(values: Values): Omit<ServiceOptions, "dataFolder" | "log"> {
  return {
    ...(values.port !== undefined && { port: toPort(values.port) }),
    ...(values.bind !== undefined && { bind: values.bind }),
    ...(values.seed !== undefined && { seedFile: resolve(values.seed) }),
    ...(values.database !== undefined && { databaseUrl: values.database }),
    ...(values["lenient-audience"] && { lenientAudience: true }),
  };
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CommandError(`--port takes a number from 0 to 65535; '${text}' is none`, exitCode.usage);
}
