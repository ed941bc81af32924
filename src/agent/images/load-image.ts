/**
 * Takes an image out of an archive: an OCI layout or what `docker save` writes. Checking and unpacking are skopeo's and umoci's work; this
 * asks them, and remembers what the image says about itself.
 */
import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ImageStore, StoredImage } from "./image-store.ts";

/** OCI Image Format, "Image Configuration", as `skopeo inspect --config` prints it. */
interface ImageConfiguration {
  readonly config?: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
  };
}

/** Of what a program prints. */
const MAX_OUTPUT = 16 * 2 ** 20;

/**
 * @param name that it answers to; undefined for the archive's own
 * @throws Error that says which program is missing, or what it said about the archive
 */
export async function loadImage(
  store: ImageStore,
  archive: string,
  name: string | undefined,
): Promise<StoredImage> {
  const stage = store.makeStage();
  const layout = `oci:${join(stage, "layout")}:image`;
  const source = await archiveSource(archive);
  await run("skopeo", ["copy", "--quiet", "--insecure-policy", source, layout]);
  const names = name === undefined ? await namesIn(source, archive) : [name];
  const digest = (await run("skopeo", ["inspect", "--format", "{{.Digest}}", layout])).trim();
  const { config = {} } = JSON.parse(
    await run("skopeo", ["inspect", "--config", layout]),
  ) as ImageConfiguration;
  await run("umoci", ["unpack", "--image", `${join(stage, "layout")}:image`, join(stage, "bundle")]);
  renameSync(join(stage, "bundle/rootfs"), join(stage, "rootfs"));
  const image: StoredImage = {
    id: digest.replace(/^sha256:/, ""),
    names,
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    environment: (config.Env ?? []).map((setting) => {
      const at = setting.indexOf("=");
      return [setting.slice(0, at), setting.slice(at + 1)] as const;
    }),
    workingFolder: config.WorkingDir || "/",
  };
  if (!/^[0-9a-f]{64}$/.test(image.id)) throw new Error(`the image's digest is ${digest}`);
  store.keep(stage, image);
  return image;
}

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

async function run(program: string, words: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, words, { maxBuffer: MAX_OUTPUT })).stdout;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT") throw new Error(`${program} is not installed: apt install skopeo umoci`);
    throw new Error(stderr?.trim().split("\n").at(-1) || message);
  }
}
