/**
 * What a run in a container is like: what it runs, as whom, where and with which environment. Azure Batch, "Run container applications on
 * Azure Batch"; Docker, "docker container run".
 */
import { parseRunOptions, type RunOptions } from "../../core/containers/run-options.ts";
import type { ContainerSpec, RunSpec } from "../../wire/agent/messages.ts";
import type { InitContainer, InitStart } from "../init-frames.ts";
import { NodeFault } from "../node-fault.ts";
import type { RunUser } from "../node-users.ts";
import { type ContainerSurroundings, containerPieces, onNode } from "./container-pieces.ts";
import type { StoredImage } from "./image-store.ts";
import { imageUser, readBelow } from "./image-users.ts";

export interface ContainerStart {
  readonly container: InitContainer;
  readonly user: InitStart["user"];
  readonly argv: readonly [program: string, ...rest: string[]];
  readonly environment: ReadonlyMap<string, string>;
}

export interface NodeOfContainer extends ContainerSurroundings {
  /** The image's path as the node sees it. */
  readonly imagePath: string;
  /** The image's path on the machine. */
  readonly imageRoot: string;
  /** The user as whom the task would run on the node. */
  readonly user: RunUser;
}

/** The node's variables that an image's own replace. */
const NOT_THE_NODES = ["PATH", "LANG", "TZ"];
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** The largest file of variables that is read. */
const ENVIRONMENT_FILE_BYTES = 2 ** 20;

/**
 * @param words of the run's command line; none for the image's own
 * @param environment of a run on the node itself
 * @throws NodeFault `ContainerInvalidSettings`, `CommandProgramNotFound` where there is nothing to run
 */
export async function containerStart(
  spec: ContainerSpec,
  own: RunSpec["environment"],
  image: StoredImage,
  words: readonly string[],
  environment: ReadonlyMap<string, string>,
  node: NodeOfContainer,
): Promise<ContainerStart> {
  const options = optionsOf(spec);
  const asked = new Set(own.map(([variable]) => variable));
  const nodes = [...environment].filter(
    ([variable]) => asked.has(variable) || !NOT_THE_NODES.includes(variable),
  );
  const settings = options.environment.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    container: {
      image: node.imagePath,
      pieces: containerPieces(options, spec.hostMounts, node),
      workingFolder: options.workingFolder ?? (spec.isWorkingFolderOfImage ? image.workingFolder : ""),
    },
    user: await userOf(options, node),
    argv: commandOf(options, image, words),
    environment: new Map([
      ["PATH", DEFAULT_PATH],
      ...image.environment,
      ...nodes,
      ...(await fileVariables(options, node)),
      ...settings,
    ]),
  };
}

function optionsOf({ runOptions = "" }: ContainerSpec): RunOptions {
  try {
    return parseRunOptions(runOptions);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function commandOf(
  { entrypoint }: RunOptions,
  image: StoredImage,
  words: readonly string[],
): [program: string, ...rest: string[]] {
  const own = words.length > 0 ? words : image.command;
  const all =
    entrypoint === undefined
      ? [...image.entrypoint, ...own]
      : [...(entrypoint === "" ? [] : [entrypoint]), ...words];
  const [program, ...rest] = all;
  if (program === undefined)
    throw new NodeFault("CommandProgramNotFound", "Neither the command line nor the image names a program.");
  return [program, ...rest];
}

/**
 * Elevation says as whom a container runs, unless its run options say it: whoever adds a task may elevate it, so that a number among its
 * options gives nobody what he has not got already.
 */
async function userOf(options: RunOptions, node: NodeOfContainer): Promise<InitStart["user"]> {
  const { user, powerAskedBy } = options;
  const { init } = node.user;
  const isAdmin = typeof init === "string" ? init === "admin" : init.isAdmin;
  const other = user === undefined ? undefined : await imageUser(node.imageRoot, user);
  if (powerAskedBy !== undefined && !isAdmin && other?.uid !== 0)
    throw invalid(`${powerAskedBy} is for tasks whose elevationLevel is admin`);
  if (other === undefined) return init;
  return other.uid === 0 ? "admin" : { ...other, isAdmin: false };
}

async function fileVariables(
  { environmentFiles }: RunOptions,
  node: NodeOfContainer,
): Promise<[string, string][]> {
  const variables: [string, string][] = [];
  for (const path of environmentFiles) {
    const { nodeRoot, user } = node;
    const file = onNode(path, nodeRoot);
    if (!file.startsWith(`${nodeRoot}/`)) throw invalid(`--env-file ${path} is not below the node's root`);
    const mayRead = ({ uid, mode }: { readonly uid: number; readonly mode: number }) =>
      user.init === "admin" || uid === user.owner || (mode & 0o4) !== 0;
    const text = await readBelow(
      nodeRoot,
      file.slice(nodeRoot.length + 1),
      ENVIRONMENT_FILE_BYTES,
      mayRead,
    ).catch(() => {
      throw invalid(`--env-file ${path} is no file that the task may read`);
    });
    for (const line of text.split("\n")) {
      const at = line.indexOf("=");
      if (at > 0 && !line.startsWith("#") && !line.includes("\0"))
        variables.push([line.slice(0, at).trim(), line.slice(at + 1).replace(/\r$/, "")]);
    }
  }
  return variables;
}

function invalid(reason: string): NodeFault {
  return new NodeFault("ContainerInvalidSettings", `containerSettings: ${reason}.`);
}
