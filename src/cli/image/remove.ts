/** `batchyard image remove`: an image's name, and with its last name the image. */
import { parseWords } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { askImages } from "./image-program.ts";

export const help = `Remove a container image's name; with its last name the image goes.
Remove none that a running pool uses.

Usage: batchyard image remove NAME

  --data DIR   the service's state folder
  --json       one JSON object
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [name, ...more] = words;
  if (name === undefined || more.length > 0)
    throw new CommandError("which image? batchyard image remove NAME", exitCode.usage);
  await askImages(dataFolder(values.data), "remove", name);
  if (values.json) process.stdout.write(`${JSON.stringify({ removed: name })}\n`);
  return exitCode.ok;
}
