/** `batchyard image list`: which images have been loaded, and which pulled. */
import { parseOptions } from "../command/command-line.ts";
import { exitCode } from "../command/exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { askImages, type ImageLine } from "./image-program.ts";

export const help = `List the container images of this machine: by the names that they were loaded
under, and by where they were pulled from. Either name removes one.

Usage: batchyard image list

  --data DIR   the service's state folder
  --json       a JSON array
`;

const ID_SHOWN = 12;

export async function execute(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const images = await askImages<ImageLine[]>(dataFolder(options.data), "list");
  const lines = images.flatMap(({ id, names, pulled = [] }) =>
    [...names, ...pulled].map((name) => `${id.slice(0, ID_SHOWN)}  ${name}\n`),
  );
  process.stdout.write(options.json ? `${JSON.stringify(images)}\n` : lines.join(""));
  return exitCode.ok;
}
