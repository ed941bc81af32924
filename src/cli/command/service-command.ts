/**
 * A command that asks the running service: reads its options and `--data` and `--json`, opens the session that it asks for, and prints what
 * it found in one of two forms. What is asked, and how it reads, is the command's own.
 */

import { graphSession, type ManagementSession, managementSession } from "../connect/management-session.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { type Options, type OptionValues, parseOptions, parseWords } from "./command-line.ts";
import { exitCode } from "./exit-code.ts";

/** What a command has found. */
export interface Answer {
  /** For `--json`, on one line. */
  readonly json: unknown;
  /** For people, ending in a newline; without it they get the JSON, indented. */
  readonly text?: string;
  /** 0 unless said. */
  readonly code?: number;
}

/** What a command is asked. It looks at its words before it opens a session: wrong usage needs no service. */
export interface Asked<T extends Options> {
  readonly values: OptionValues<T>;
  readonly words: readonly string[];
  /** Resource Manager, as the first application, or as the administrator where roles change. @throws CommandError */
  management(as?: "administrator"): Promise<ManagementSession>;
  /** Microsoft Graph, as the administrator. @throws CommandError */
  graph(): Promise<ManagementSession>;
}

type Execute = (argv: readonly string[]) => Promise<number>;
type Act<T extends Options> = (asked: Asked<T>) => Promise<Answer>;

const COMMON = { data: { type: "string" }, json: { type: "boolean", default: false } } as const;

/** One that takes options only. */
export function serviceCommand<const T extends Options>(options: T, act: Act<T>): Execute {
  return (argv) => answer({ values: parseOptions(argv, { ...options, ...COMMON }), words: [] }, act);
}

/** One that takes words as well, in any order. */
export function serviceCommandOnWords<const T extends Options>(options: T, act: Act<T>): Execute {
  return (argv) => answer(parseWords(argv, { ...options, ...COMMON }), act);
}

async function answer<T extends Options>(
  { values, words }: { readonly values: object; readonly words: readonly string[] },
  act: Act<T>,
): Promise<number> {
  const common = values as OptionValues<typeof COMMON>;
  const folder = dataFolder(common.data);
  const { json, text, code } = await act({
    values: values as OptionValues<T>,
    words,
    management: async (as) => managementSession(await runningService(folder), folder, as),
    graph: async () => graphSession(await runningService(folder), folder),
  });
  const shown = common.json ? `${JSON.stringify(json)}\n` : (text ?? `${JSON.stringify(json, null, 2)}\n`);
  process.stdout.write(shown);
  return code ?? exitCode.ok;
}
