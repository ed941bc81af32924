/** `batchyard image load`: an image out of an archive, for containers without a registry. */
import { parseWords } from "../command/command-line.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { askImages, type ImageLine } from "./image-program.ts";

export const help = `Load a container image, so that pools and tasks can name it. It answers to its name
under whichever registry they give. Needs skopeo and umoci.

Usage: batchyard image load FILE [--name NAME]

  FILE         an OCI archive, or what 'docker save' writes
  --name NAME  instead of the archive's own, such as python:3.12
  --data DIR   the service's state folder
  --json       the image as one JSON object
`;

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    name: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [file, ...more] = words;
  if (file === undefined || more.length > 0)
    throw new CommandError("which file? batchyard image load FILE", exitCode.usage);
  const name = values.name === undefined ? [] : [values.name];
  const image = await askImages<ImageLine>(dataFolder(values.data), "load", file, ...name);
  process.stdout.write(values.json ? `${JSON.stringify(image)}\n` : `${image.names.join("\n")}\n`);
  return exitCode.ok;
}
