/** Requests to a Batch account signed with its key, by the rules of "Authenticate requests to the Azure Batch service". */
import { createHmac } from "node:crypto";
import { request } from "node:https";

export interface SignedReply {
  readonly status: number;
  readonly text: string;
}

/** A GET to the account's own port. @param path with its query */
export function signedGet(
  { port, ca }: { readonly port: number; readonly ca: string },
  { account, key }: { readonly account: string; readonly key: string },
  path: string,
): Promise<SignedReply> {
  const [bare = "", query = ""] = path.split("?");
  const ocpDate = new Date().toUTCString();
  const parameters = query.split("&").map((pair) => `\n${pair.replace("=", ":")}`);
  const text = `GET${"\n".repeat(12)}ocp-date:${ocpDate}\n/${account}${bare}${parameters.join("")}`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  const headers = { "ocp-date": ocpDate, authorization: `SharedKey ${account}:${signature}` };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", servername: "localhost", port, ca, path, agent: false, headers };
    const outgoing = request(
      { ...options, headers: { ...headers, host: `localhost:${port}` } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}
