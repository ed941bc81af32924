/** `batchyard clock`: the clock of a service that was started with `--test-controls`. */
import { parseWords } from "./command/command-line.ts";
import { CommandError, exitCode } from "./command/exit-code.ts";
import { HttpStatusError, requestJson } from "./connect/http-json.ts";
import { dataFolder } from "./service/data-folder.ts";
import { runningService } from "./service/running-service.ts";
import { spanSeconds } from "./time-span.ts";

export const help = `Show or move the service's clock, to see tokens and secrets expire without waiting.

Usage: batchyard clock
       batchyard clock advance SPAN

  SPAN         e.g. 59m, 36h, 400d; the clock never goes back, and is the
               machine's again after a restart
  --data DIR   the service's state folder
  --json       one JSON object

The service must have been started with --test-controls.
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { words, values: options } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const seconds = secondsToAdvance(words);
  const { plain } = await runningService(dataFolder(options.data));
  const { now } = await ask(`${plain}/test-controls/clock`, seconds);
  process.stdout.write(options.json ? `${JSON.stringify({ now })}\n` : `${now}\n`);
  return exitCode.ok;
}

function secondsToAdvance([verb, span, ...more]: readonly string[]): number | undefined {
  if (verb === undefined) return undefined;
  const seconds = span === undefined ? undefined : spanSeconds(span);
  if (verb === "advance" && seconds !== undefined && more.length === 0) return seconds;
  throw new CommandError(
    "clock takes nothing, or 'advance' and a span like 59m (see --help)",
    exitCode.usage,
  );
}

async function ask(url: string, seconds: number | undefined): Promise<{ now: string }> {
  const body = JSON.stringify({ advanceMilliseconds: (seconds ?? 0) * 1000 });
  try {
    return (await requestJson(url, seconds === undefined ? {} : { method: "POST", body })) as { now: string };
  } catch (error) {
    if (error instanceof HttpStatusError && error.status === 404)
      throw new CommandError("the service was not started with --test-controls; its clock is the machine's");
    throw error;
  }
}
