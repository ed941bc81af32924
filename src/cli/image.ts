/** `batchyard image`: container images for nodes without a registry. */
import { executeSubcommand, type Subcommands, subcommandHelp } from "./command/subcommand.ts";

const subcommands: Subcommands = {
  load: { summary: "an image out of an archive", load: () => import("./image/load.ts") },
  list: { summary: "what has been loaded", load: () => import("./image/list.ts") },
  remove: {
    summary: "an image's name, and with its last name the image",
    load: () => import("./image/remove.ts"),
  },
};

export const help = subcommandHelp("image", "Manage container images for pools and tasks.", subcommands);

export const execute = (argv: readonly string[]) => executeSubcommand(subcommands, argv);
