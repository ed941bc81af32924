/** What a container's run options mount. Pure. Source: Docker, "Bind mounts", "tmpfs mounts". */
import { posix } from "node:path";
import { RunOptionsProblem } from "./run-options-problem.ts";
import { bytesOf } from "./run-quantities.ts";

export type RunMount =
  /** A file or folder of the node, as the task's user sees it. */
  | { readonly kind: "bind"; readonly source: string; readonly target: string; readonly isReadOnly: boolean }
  /** @property options as mount(2) takes them */
  | { readonly kind: "tmpfs"; readonly target: string; readonly options: string };

/** What every container has of its own. */
const TAKEN = /^\/(proc|sys|dev|run)(\/|$)/;
const MAY_BE_REPLACED = /^\/(dev\/shm|run)(\/|$)/;

/** @param value of `--volume`: `SOURCE:TARGET[:OPTIONS]` */
export function volumeOption(value: string): RunMount {
  const [source = "", target, options = "", ...more] = value.split(":");
  if (target === undefined || more.length > 0)
    throw new RunOptionsProblem("--volume takes SOURCE:TARGET, or SOURCE:TARGET:ro");
  let isReadOnly = false;
  for (const option of options === "" ? [] : options.split(",")) {
    if (option === "ro") isReadOnly = true;
    // Labels for SELinux, and ways of propagation that are so anyway.
    else if (!/^(rw|z|Z|private|rprivate)$/.test(option))
      throw new RunOptionsProblem(`--volume: ${option.slice(0, 100)} is not done here`);
  }
  return bind("--volume", source, target, isReadOnly);
}

/** @param value of `--mount`: `type=bind,source=…,target=…,readonly` */
export function mountOption(value: string): RunMount {
  const given = new Map<string, string>();
  for (const part of value.split(",")) {
    const at = part.indexOf("=");
    given.set(at < 0 ? part : part.slice(0, at), at < 0 ? "true" : part.slice(at + 1));
  }
  const take = (...names: readonly string[]): string | undefined => {
    const name = names.find((one) => given.has(one));
    const found = name === undefined ? undefined : given.get(name);
    if (name !== undefined) given.delete(name);
    return found;
  };
  const type = take("type") ?? "volume";
  const source = take("source", "src");
  const target = take("target", "destination", "dst") ?? "";
  const readOnly = take("readonly", "ro") ?? "false";
  const [size, mode] = [take("tmpfs-size"), take("tmpfs-mode")];
  const [unknown] = given.keys();
  if (unknown !== undefined)
    throw new RunOptionsProblem(`--mount: ${unknown.slice(0, 100)} is not done here`);
  if (!/^(true|1|false|0)$/.test(readOnly)) throw new RunOptionsProblem("--mount: readonly is true or false");
  const isReadOnly = readOnly === "true" || readOnly === "1";
  if (type === "bind" && size === undefined && mode === undefined)
    return bind("--mount", source ?? "", target, isReadOnly);
  if (type === "tmpfs" && source === undefined)
    return tmpfs("--mount", target, {
      ...(size !== undefined && { size: bytesOf("--mount: tmpfs-size", size) }),
      ...(mode !== undefined && { mode }),
    });
  throw new RunOptionsProblem("--mount takes type=bind or type=tmpfs with what belongs to it");
}

/** @param value of `--tmpfs`: `TARGET[:size=64m,mode=1777]` */
export function tmpfsOption(value: string): RunMount {
  const at = value.indexOf(":");
  const target = at < 0 ? value : value.slice(0, at);
  const asked: { size?: number; mode?: string } = {};
  for (const option of at < 0 ? [] : value.slice(at + 1).split(",")) {
    if (option.startsWith("size=")) asked.size = bytesOf("--tmpfs: size", option.slice(5));
    else if (option.startsWith("mode=")) asked.mode = option.slice(5);
    // So are all that are mounted here, but that programs may be run from them.
    else if (!/^(rw|nosuid|nodev|exec)$/.test(option))
      throw new RunOptionsProblem(`--tmpfs: ${option.slice(0, 100)} is not done here`);
  }
  return tmpfs("--tmpfs", target, asked);
}

function bind(option: string, source: string, target: string, isReadOnly: boolean): RunMount {
  if (!source.startsWith("/"))
    throw new RunOptionsProblem(`${option} takes an absolute path of the node; there are no named volumes`);
  return { kind: "bind", source: posix.normalize(source), target: targetOf(option, target), isReadOnly };
}

function tmpfs(
  option: string,
  target: string,
  { size, mode = "1777" }: { readonly size?: number; readonly mode?: string },
): RunMount {
  if (!/^[0-7]{3,5}$/.test(mode)) throw new RunOptionsProblem(`${option}: mode is octal`);
  const options = `mode=${mode}${size === undefined ? "" : `,size=${size}`}`;
  return { kind: "tmpfs", target: targetOf(option, target), options };
}

function targetOf(option: string, target: string): string {
  const path = posix.normalize(target).replace(/(?<=.)\/$/, "");
  if (!path.startsWith("/") || path === "/")
    throw new RunOptionsProblem(`${option} takes an absolute path in the container that is not its root`);
  if (TAKEN.test(path) && !MAY_BE_REPLACED.test(path))
    throw new RunOptionsProblem(`${option}: ${path.slice(0, 100)} is the container's own`);
  return path;
}
