/** Sends hand-made requests to all planes of a service, each signed in as the first application. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { KillableService } from "../e2e/killable-service.ts";

export type Plane = "batch" | "arm" | "graph" | "entra" | "blob";

export interface PlaneRequest {
  readonly plane: Plane;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const AUDIENCES: Readonly<Record<Plane, string>> = {
  batch: "https://batch.core.windows.net/",
  arm: "https://management.azure.com/",
  graph: "https://graph.microsoft.com/",
  entra: "https://graph.microsoft.com/",
  blob: "https://storage.azure.com/",
};

export class PlaneSender {
  readonly #origins: Readonly<Record<Plane, URL>>;
  readonly #agent: Agent;
  #tokens: Readonly<Record<Plane, string>> | undefined;

  private constructor({ ready }: KillableService, atOnce: number) {
    const main = new URL(ready.login);
    const blob = new URL(ready.blob ?? ready.login);
    this.#origins = { batch: new URL(ready.batch), arm: main, graph: main, entra: main, blob };
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(ready.caFile), maxSockets: atOnce });
  }

  static async to(service: KillableService, atOnce: number): Promise<PlaneSender> {
    const sender = new PlaneSender(service, atOnce);
    const { tenantId, clientId, clientSecret } = service.ready;
    const token = async (plane: Plane) => {
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId ?? "",
        client_secret: clientSecret ?? "",
        resource: AUDIENCES[plane],
      });
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const path = `/${tenantId}/oauth2/token`;
      const { text } = await sender.exchange({
        plane: "entra",
        method: "POST",
        path,
        headers,
        body: `${form}`,
      });
      return JSON.parse(text).access_token as string;
    };
    const [batch, arm, graph, blob] = await Promise.all([
      token("batch"),
      token("arm"),
      token("graph"),
      token("blob"),
    ]);
    sender.#tokens = { batch, arm, graph, blob, entra: "" };
    return sender;
  }

  async send(sent: PlaneRequest): Promise<number> {
    return (await this.exchange(sent)).status;
  }

  close(): void {
    this.#agent.destroy();
  }

  exchange({ plane, method, path, headers, body }: PlaneRequest): Promise<{ status: number; text: string }> {
    const { port, host } = this.#origins[plane];
    const token = this.#tokens?.[plane];
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          port,
          method,
          path,
          agent: this.#agent,
          // What was sent may come back in an address.
          maxHeaderSize: 128 * 1024,
          servername: "localhost",
          headers: {
            host,
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
            ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
          },
        },
        async (reply) => {
          let text = "";
          try {
            for await (const piece of reply) text += piece;
          } catch {
            // The service may refuse the rest of a body that is too long, and close.
          }
          resolve({ status: reply.statusCode ?? 0, text });
        },
      );
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // A body that is too long is refused and the connection closed, which the sender may hear of first.
        if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve({ status: 400, text: "" });
        else reject(error);
      });
      sent.end(body);
    });
  }
}
