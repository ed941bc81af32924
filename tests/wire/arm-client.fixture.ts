/**
 * Speaks to Resource Manager in plain HTTP, so that a test sees and sends what no client library would. Each reply is held against
 * its API description where that is at hand.
 */
import { armReplyProblems } from "./described-arm-reply.fixture.ts";
import { type Door, postForm, type RawReply, type RawRequest, send } from "./raw-request.fixture.ts";
import type { RunningService } from "./running-service.fixture.ts";

export const ARM_AUDIENCE = "https://management.azure.com/";

export interface ArmRequest {
  readonly version: string;
  readonly body?: object | string | undefined;
  readonly host?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ArmApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

export class ArmClient {
  readonly #service: RunningService;
  readonly #token: string;

  private constructor(service: RunningService, token: string) {
    this.#service = service;
    this.#token = token;
  }

  static async signIn(
    service: RunningService,
    application: ArmApplication,
    tenantId: string = service.ready.tenantId,
    resource: string = ARM_AUDIENCE,
  ): Promise<ArmClient> {
    return new ArmClient(service, await ArmClient.tokenOf(service, application, resource, tenantId));
  }

  /** As whoever the token is of. */
  static as(service: RunningService, token: string): ArmClient {
    return new ArmClient(service, token);
  }

  /** A token of the application for any resource. */
  static async tokenOf(
    service: RunningService,
    { clientId, clientSecret }: ArmApplication,
    resource: string,
    tenantId: string = service.ready.tenantId,
  ): Promise<string> {
    const form = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      resource,
    };
    const reply = await postForm(doorOf(service), `/${tenantId}/oauth2/token`, form);
    if (reply.status !== 200) throw new Error(`no token: ${reply.text}`);
    return reply.json.access_token;
  }

  /** @param path with its query, if any, but without api-version; @throws when the reply is not as described */
  async send(method: string, path: string, { version, body, host, headers }: ArmRequest): Promise<RawReply> {
    const query = `${path.includes("?") ? "&" : "?"}api-version=${version}`;
    return sendDescribed(doorOf(this.#service), {
      method,
      path: `${path}${query}`,
      ...(host !== undefined && { host }),
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  /** As `send`; of a request that is answered later, the answer in the end. */
  async settle(...request: Parameters<ArmClient["send"]>): Promise<RawReply> {
    const reply = await this.send(...request);
    const { location } = reply.headers;
    return reply.status === 202 && typeof location === "string" ? this.follow(location) : reply;
  }

  /** Follows an absolute URL, such as a nextLink, as clients do. */
  follow(url: string): Promise<RawReply> {
    const { pathname, search } = new URL(url);
    const headers = { authorization: `Bearer ${this.#token}` };
    return sendDescribed(doorOf(this.#service), { path: `${pathname}${search}`, headers });
  }
}

/** Any request to Resource Manager. @throws when the reply is not as described */
export async function sendDescribed(door: Door, request: RawRequest): Promise<RawReply> {
  const reply = await send(door, request);
  const { method = "GET", path } = request;
  const [plain = "", query] = path.split("?");
  const version = new URLSearchParams(query).get("api-version") ?? "";
  const { status, json } = reply;
  const problems = armReplyProblems({ method, path: plain, version, status, json });
  if (problems.length > 0)
    throw new Error(`${method} ${path} is not as described:\n${problems.join("\n")}\n${reply.text}`);
  return reply;
}

export function doorOf({ ready, ca }: RunningService) {
  return { main: { port: Number(new URL(ready.management).port) }, ca };
}

/** Its status and code, which is what clients act on. */
export const outcome = ({ status, json }: RawReply): number | string =>
  status < 400 ? status : `${status} ${json?.error?.code}`;
