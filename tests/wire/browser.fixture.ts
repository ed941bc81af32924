/** A browser as a test needs one: it keeps cookies, reads the pages' forms, posts them, and stops where a redirect leaves us. */
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import type { FrontDoor } from "./front-door.fixture.ts";

export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Where a redirect leads that is not to one of our pages. */
  readonly left: URL | undefined;
}

interface Account {
  readonly username: string;
  readonly password: string;
}

const MAX_STEPS = 12;

export class TestBrowser {
  readonly #door: Pick<FrontDoor, "ca">;
  /** By path, as browsers keep them. */
  readonly #cookies = new Map<string, { value: string; path: string }>();

  constructor(door: Pick<FrontDoor, "ca">) {
    this.#door = door;
  }

  open(url: string): Promise<Visit> {
    return this.#send("GET", url);
  }

  /** Presses the button that posts `step`, with what is typed; hidden fields come along. */
  submit(page: Visit, step: string, typed: Record<string, string> = {}, headers = {}): Promise<Visit> {
    const fields = { ...hiddenFields(page.text), ...typed, step };
    return this.#send("POST", page.url, new URLSearchParams(fields).toString(), headers);
  }

  /** Walks through the pages as a user does who agrees to everything, until the browser is sent away or shown no form. */
  async signIn(url: string, account: Account): Promise<Visit> {
    return this.agree(await this.open(url), account);
  }

  /** The same from a page on. */
  async agree(page: Visit, { username, password }: Account): Promise<Visit> {
    for (let step = 0; step < MAX_STEPS && page.left === undefined; step++) {
      const offered = steps(page.text);
      if (offered.includes("sign-in")) page = await this.submit(page, "sign-in", { username, password });
      else if (offered.includes("use-account")) page = await this.submit(page, "use-account");
      else if (offered.includes("confirm")) page = await this.submit(page, "confirm");
      else if (offered.includes("accept")) page = await this.submit(page, "accept");
      else break;
    }
    return page;
  }

  async #send(
    method: string,
    url: string,
    body?: string,
    extra: Record<string, string> = {},
  ): Promise<Visit> {
    const target = new URL(url);
    const isTls = target.protocol === "https:";
    const cookies = [...this.#cookies]
      .filter(([, { path, value }]) => value !== "" && isBelow(target.pathname, path))
      .sort(([, a], [, b]) => b.path.length - a.path.length)
      .map(([key, { value }]) => `${key.split(" ")[0]}=${value}`);
    const reply = await new Promise<Omit<Visit, "left">>((resolve, reject) => {
      const outgoing = (isTls ? overHttps : overHttp)(
        target,
        {
          method,
          agent: false,
          ...(isTls && { ca: this.#door.ca }),
          headers: {
            ...(cookies.length > 0 && { cookie: cookies.join("; ") }),
            ...(body !== undefined && {
              "content-type": "application/x-www-form-urlencoded",
              origin: target.origin,
              "sec-fetch-site": "same-origin",
            }),
            ...extra,
          },
        },
        (incoming) => {
          let text = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (chunk: string) => {
            text += chunk;
          });
          incoming.on("end", () =>
            resolve({ url, status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
    this.#keep(reply.headers["set-cookie"] ?? []);
    const { location } = reply.headers;
    if (typeof location !== "string") return { ...reply, left: undefined };
    const next = new URL(location, target);
    if (next.host === target.host) return this.#send("GET", next.href);
    return { ...reply, left: next };
  }

  #keep(cookies: string | readonly string[]): void {
    for (const cookie of [cookies].flat()) {
      const [, name = "", value = "", path = "/"] = /^([^=]+)=([^;]*);.*?Path=([^;]+)/.exec(cookie) ?? [];
      this.#cookies.set(`${name} ${path}`, { value, path });
    }
  }
}

const isBelow = (pathname: string, path: string): boolean =>
  path === "/" || pathname === path || pathname.startsWith(`${path}/`);

export function hiddenFields(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name, value = ""]) => [name, unescaped(value)]));
}

const steps = (page: string): string[] =>
  [...page.matchAll(/name="step" value="([^"]+)"/g)].map(([, step = ""]) => step);

function unescaped(text: string): string {
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}
