/**
 * Takes an image out of an archive: an OCI layout or what `docker save` writes. Checking and unpacking are skopeo's and umoci's work; this
 * asks them, and remembers what the image says about itself.
 */
import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { folderUse } from "../disk/folder-use.ts";
import { removeTree } from "../files/remove-tree.ts";
import { isMachinesRoot, type NodeRanges, rangesHere } from "../sandbox/sandbox-ids.ts";
import { shiftOwners } from "../sandbox/shift-owners.ts";
import type { ImageStore, StoredImage } from "./image-store.ts";

/** OCI Image Format, "Image Configuration", as `skopeo inspect --config` prints it. */
export interface ImageConfiguration {
  readonly architecture?: string;
  readonly os?: string;
  readonly config?: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
  };
}

/** The longest output of a program that is read. Bytes. */
const MAX_OUTPUT = 16 * 2 ** 20;
/** Of what an image says about itself, as it is kept. */
const SETTINGS_MAX_CHARACTERS = 32_768;

/**
 * @param name that it answers to; undefined for the archive's own
 * @throws Error that says which program is missing, or what it said about the archive
 */
export async function loadImage(
  store: ImageStore,
  archive: string,
  name: string | undefined,
): Promise<StoredImage> {
  await store.removeLeft();
  const stage = await store.makeStage();
  try {
    const layout = join(stage, "layout");
    const source = await archiveSource(archive);
    await run("skopeo", ["copy", "--quiet", "--insecure-policy", source, `oci:${layout}:image`]);
    const names = name === undefined ? await namesIn(source, archive) : [name];
    return await keepLayout(store, stage, layout, { names });
  } finally {
    await removeTree(stage);
  }
}

/**
 * Unpacks the image of an OCI layout, and keeps it.
 * @param origin under which names it is to be found, and what it must be made for
 * @throws Error with what the programs said
 */
export async function keepLayout(
  store: ImageStore,
  stage: string,
  layout: string,
  origin: {
    readonly names: readonly string[];
    readonly pulled?: readonly string[];
    readonly accounts?: readonly string[];
    readonly signal?: AbortSignal;
  },
): Promise<StoredImage> {
  const { names, pulled, accounts, signal } = origin;
  const image = `oci:${layout}:image`;
  const digest = (await run("skopeo", ["inspect", "--format", "{{.Digest}}", image], signal)).trim();
  const id = digest.replace(/^sha256:/, "");
  if (!/^[0-9a-f]{64}$/.test(id)) throw new Error(`the image's digest is ${digest}`);
  const said = await run("skopeo", ["inspect", "--config", image], signal);
  const configuration = JSON.parse(said) as ImageConfiguration;
  const { architecture = MACHINE, os = "linux" } = configuration;
  if (architecture !== MACHINE || os !== "linux")
    throw new Error(`no image found in manifest list for linux/${MACHINE}: it is for ${os}/${architecture}`);
  const settings = imageSettings(configuration);
  const owners = imageOwners();
  await run("umoci", ["unpack", "--image", `${layout}:image`, join(stage, "bundle")], signal);
  if (owners) await shiftOwners(join(stage, "bundle/rootfs"), owners);
  renameSync(join(stage, "bundle/rootfs"), join(stage, "rootfs"));
  const bytes = await folderUse([join(stage, "rootfs")], signal ?? new AbortController().signal);
  signal?.throwIfAborted();
  const origins = { id, names, ...(pulled && { pulled }), ...(accounts && { accounts }) };
  return store.keep(stage, { ...origins, ...settings, bytes });
}

/** What is kept of it. @throws Error for more than any image needs: whoever looks for an image reads what all have */
export function imageSettings({ config = {} }: ImageConfiguration) {
  const settings = {
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    environment: (config.Env ?? []).map((setting) => {
      const at = setting.indexOf("=");
      return [setting.slice(0, at), setting.slice(at + 1)] as const;
    }),
    workingFolder: config.WorkingDir || "/",
  };
  if (JSON.stringify(settings).length > SETTINGS_MAX_CHARACTERS)
    throw new Error(
      `its entrypoint, command and environment have over ${SETTINGS_MAX_CHARACTERS} characters`,
    );
  return settings;
}

/**
 * Whom images' files belong to; undefined where mounts show them as each node's own.
 * @throws Error for a process that can give them to nobody
 */
function imageOwners(): NodeRanges | undefined {
  if (isMachinesRoot()) return undefined;
  const owners = rangesHere();
  if (!owners)
    throw new Error("only root, and users with ids in /etc/subuid and /etc/subgid, can unpack images");
  return owners;
}

/** As images name it. */
const MACHINE = process.arch === "x64" ? "amd64" : process.arch;

/** In the words of skopeo(1), by what the archive holds. */
async function archiveSource(archive: string): Promise<string> {
  const entries = (await run("tar", ["-tf", archive])).split("\n").map((entry) => entry.replace(/^\.\//, ""));
  if (entries.includes("manifest.json")) return `docker-archive:${archive}`;
  if (entries.includes("index.json")) return `oci-archive:${archive}`;
  throw new Error(`${archive} is neither an OCI archive nor one of docker save`);
}

async function namesIn(source: string, archive: string): Promise<string[]> {
  const isDocker = source.startsWith("docker-archive:");
  const file = isDocker ? "manifest.json" : "index.json";
  const text = await run("tar", ["-xOf", archive, file]).catch(() =>
    run("tar", ["-xOf", archive, `./${file}`]),
  );
  const parsed = JSON.parse(text);
  const names: string[] = isDocker
    ? (parsed[0]?.RepoTags ?? [])
    : (parsed.manifests ?? []).flatMap(
        ({ annotations = {} }: { annotations?: Record<string, string> }) =>
          annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"] ?? [],
      );
  if (names.length === 0) throw new Error(`the image in ${archive} has no name; give it one with --name`);
  return names;
}

async function run(program: string, words: readonly string[], signal?: AbortSignal): Promise<string> {
  try {
    const options = { maxBuffer: MAX_OUTPUT, ...(signal && { signal }) };
    return (await promisify(execFile)(program, words, options)).stdout;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    signal?.throwIfAborted();
    if (code === "ENOENT") throw new Error(`${program} is not installed: apt install skopeo umoci`);
    throw new Error(stderr?.trim().split("\n").at(-1) || message);
  }
}
