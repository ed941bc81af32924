/** `podman run` in a loop, with runc: crun wants powers that not every machine gives. Its images lie in a folder of the bench's own. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { isInstalled, secondsOf } from "./command.ts";
import type { Peer } from "./peer.ts";

const IMAGE = "localhost/bench-peer:1";
/** Left to itself, podman asks for more than some machines give even root. */
const LIMITS = "--ulimit nofile=1024:1024 --ulimit nproc=1024:1024";

/** @param archive an OCI archive */
export function podman(archive: string): Peer {
  return {
    name: "podman run in a loop",
    async missing() {
      if (process.geteuid?.() !== 0) return "it is measured as root alone";
      return ["podman", "runc"].every(isInstalled) ? undefined : "podman and runc are not installed";
    },
    async rate(count, folder) {
      const home = await mkdtemp(join(folder, "podman-"));
      const engine = `podman --runtime runc --root ${home}/root --runroot ${home}/run --cgroup-manager=cgroupfs`;
      try {
        await secondsOf(
          `${engine} load -q -i ${archive} >${home}/name && ${engine} tag "$(sed 's/.*: //' ${home}/name)" ${IMAGE}`,
        );
        const one = `${engine} run --rm --network host ${LIMITS} ${IMAGE} /bin/true`;
        // The first one makes what the others find.
        await secondsOf(one);
        return (
          count / (await secondsOf(`i=0; while [ $i -lt ${count} ]; do ${one} || exit; i=$((i+1)); done`))
        );
      } finally {
        spawnSync("sh", ["-c", `${engine} rmi -af`], { stdio: "ignore" });
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}
