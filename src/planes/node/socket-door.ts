/**
 * A door for programs of this machine: a socket in a folder that nobody but the service's user enters, with an upgrade as its only way in. What
 * goes by it is not encrypted, because nobody else can listen.
 */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { serve, type UpgradeRoutes } from "../../http/listener.ts";

export interface SocketDoor {
  readonly path: string;
  close(): Promise<void>;
}

/** Of `sun_path`, with the zero at its end (unix(7)). */
const PATH_MAX_BYTES = 107;

/**
 * @param path of a service that died, the socket may be there still: it goes
 * @returns undefined where there can be none: the path is longer than a socket's may be, or its file system has no sockets
 */
export async function openSocketDoor(path: string, upgrade: UpgradeRoutes): Promise<SocketDoor | undefined> {
  if (Buffer.byteLength(path) > PATH_MAX_BYTES) return undefined;
  rmSync(path, { force: true });
  const { server, sockets } = serve({
    onRequest: (_, response) => void response.writeHead(404, { "content-length": 0 }).end(),
    upgrade,
  });
  try {
    server.listen(path);
    await once(server, "listening");
  } catch {
    return undefined;
  }
  const close = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { path, close };
}
