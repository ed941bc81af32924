/** The shapes that operations come in, over one HTTP pipeline. Knows no operation by name. */
import type { Readable } from "node:stream";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { BatchError } from "./batch-error.ts";
import { type FileFacts, fileFactsOf } from "./file-facts.ts";
import { int64Properties } from "./int64-properties.gen.ts";
import { type Page, PagedList } from "./paged-list.ts";
import { type AnyOptions, headersOf, queryOf } from "./request-options.ts";
import type { RequestPath } from "./request-path.ts";

const JSON_TYPE = "application/json; odata=minimalmetadata";

export interface CallsSettings {
  readonly accountUrl: string;
  readonly apiVersion: string;
  readonly allowInsecureConnection: boolean;
}

export class Calls {
  readonly #pipeline: Pipeline;
  readonly #settings: CallsSettings;
  readonly #http = createDefaultHttpClient();

  constructor(pipeline: Pipeline, settings: CallsSettings) {
    this.#pipeline = pipeline;
    this.#settings = settings;
  }

  async empty(method: HttpMethods, path: RequestPath, options?: AnyOptions, body?: object): Promise<void> {
    await this.#send(this.#request(method, path, options, body), options);
  }

  async value<Value>(
    method: HttpMethods,
    path: RequestPath,
    options?: AnyOptions,
    body?: object,
  ): Promise<Value> {
    return parse(await this.#send(this.#request(method, path, options, body), options));
  }

  list<Item>(path: RequestPath, options: AnyOptions = {}): PagedList<Item> {
    return new PagedList<Item>(async (nextLink) => {
      const request = this.#request("GET", path, options);
      if (nextLink !== undefined) request.url = this.#ownUrl(nextLink);
      return parse<Page<Item>>(await this.#send(request, options));
    });
  }

  async exists(path: RequestPath, options?: AnyOptions): Promise<boolean> {
    const { status } = await this.#send(this.#request("HEAD", path, options), options, [404]);
    return status !== 404;
  }

  async fileFacts(path: RequestPath, options?: AnyOptions): Promise<FileFacts> {
    return fileFactsOf((await this.#send(this.#request("HEAD", path, options), options)).headers);
  }

  /** The body as it comes. A connection that breaks while it is read is an error of the stream: nothing is asked for again. */
  async content(path: RequestPath, options?: AnyOptions): Promise<Readable> {
    const request = this.#request("GET", path, options);
    request.headers.set("accept", "application/octet-stream, application/json");
    request.streamResponseStatusCodes = new Set([200, 206]);
    return (await this.#send(request, options)).readableStreamBody as Readable;
  }

  #request(method: HttpMethods, path: RequestPath, options: AnyOptions = {}, body?: object): PipelineRequest {
    const { accountUrl, apiVersion, allowInsecureConnection } = this.#settings;
    const query = Object.entries({ "api-version": apiVersion, ...queryOf(options) })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`);
    const request = createPipelineRequest({
      url: `${accountUrl}${path}?${query.join("&")}`,
      method,
      headers: createHttpHeaders({ accept: "application/json", "return-client-request-id": "true" }),
      allowInsecureConnection,
      ...(options.abortSignal && { abortSignal: options.abortSignal }),
    });
    for (const [name, value] of Object.entries(headersOf(options))) {
      if (value !== undefined) request.headers.set(name, value);
    }
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers.set("content-type", JSON_TYPE);
    }
    // A shared key signs it, so it cannot be left to Node.
    if (method !== "GET" && method !== "HEAD") {
      request.headers.set("content-length", Buffer.byteLength(String(request.body ?? "")));
    }
    return request;
  }

  /** @param accepted statuses besides 2xx */
  async #send(
    request: PipelineRequest,
    options: AnyOptions | undefined,
    accepted: readonly number[] = [],
  ): Promise<PipelineResponse> {
    const response = await this.#pipeline.sendRequest(this.#http, request).catch((failure: unknown) => {
      throw BatchError.ofFailure(failure);
    });
    const { status, headers } = response;
    if ((status < 200 || status > 299) && !accepted.includes(status)) throw BatchError.ofResponse(response);
    options?.onResponse?.({ status, headers });
    return response;
  }

  /** @throws Error for a link that would carry the caller's token elsewhere */
  #ownUrl(nextLink: string): string {
    if (new URL(nextLink).origin === new URL(this.#settings.accountUrl).origin) return nextLink;
    throw new Error(`the list goes on at ${new URL(nextLink).origin}, which is not the account's`);
  }
}

function parse<Value>({ bodyAsText }: PipelineResponse): Value {
  return JSON.parse(bodyAsText ?? "", (name, value) =>
    typeof value === "string" && int64Properties.has(name) ? Number(value) : value,
  );
}
