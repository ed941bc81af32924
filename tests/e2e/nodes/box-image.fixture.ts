/** The image of the containers' tests: an OCI archive of busybox, with a file, an entry point and a variable of its own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export const BUSYBOX = "/bin/busybox";

/** @returns its path; the layout that it is made of lies in `layout`, beside it */
export function makeBoxArchive(folder: string): string {
  const layout = join(folder, "layout");
  const umoci = (...words: string[]) => execFileSync("umoci", words, { stdio: "ignore" });
  execFileSync("sh", [
    "-c",
    `mkdir -p ${folder}/tree/bin ${folder}/tree/srv && cp ${BUSYBOX} ${folder}/tree/bin/ && chmod 755 ${folder}/tree/srv; ln -s / ${folder}/tree/srv/out
for name in sh cat id ls pwd sleep true echo touch nproc df mount grep tail tr cut wc wget nc mkdir chmod ln mknod umount chroot; do ln -s busybox ${folder}/tree/bin/$name; done
echo in the image >${folder}/tree/image.txt; mkdir ${folder}/tree/etc; echo svc:x:77:78::/:/bin/sh >${folder}/tree/etc/passwd; printf '#!/bin/sh\\n[ "$1" = pwd ] && echo entered\\nexec "$@"\\n' >${folder}/tree/bin/enter; chmod 755 ${folder}/tree/bin/enter`,
  ]);
  umoci("init", "--layout", layout);
  umoci("new", "--image", `${layout}:team/box:1`);
  for (const name of ["bin", "srv", "etc", "image.txt"])
    umoci("insert", "--image", `${layout}:team/box:1`, join(folder, "tree", name), `/${name}`);
  const config = [
    "--config.entrypoint",
    "/bin/enter",
    "--config.env",
    "FROM_IMAGE=image",
    "--config.workingdir",
    "/srv",
    "--config.cmd",
    "echo",
    "--config.cmd",
    "the image's own",
  ];
  umoci("config", "--image", `${layout}:team/box:1`, ...config);
  const archive = join(folder, "box.tar");
  execFileSync("tar", ["-cf", archive, "-C", layout, "."]);
  return archive;
}
