/**
 * The browser at the other end: its cookies, and whether a form that it posts is one of ours. Cookies of `localhost` go to every
 * port of it, other people's programs included; therefore the session's is sent to the pages' own paths only. Who has signed in at one
 * of this service's ports has at the others.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Tenant } from "../../../app/directory/directory.ts";
import { sessionBegin, sessionEnd, sessionFind } from "../../../app/sign-in/sign-in-session.ts";
import type { SignedInUser } from "../../../app/sign-in/signed-in-user.ts";
import { Fault } from "../../../core/fault.ts";
import { type Html, html } from "../pages/html.ts";
import type { EntraContext } from "./endpoint.ts";
import type { Form } from "./form.ts";

const TENANTLESS_PATHS = ["common", "organizations", "adfs"];

export class Browser {
  readonly #context: EntraContext;
  readonly #cookies: ReadonlyMap<string, string>;
  /** To be set with the reply. */
  readonly setCookies: string[] = [];
  #id: string | undefined;

  constructor(context: EntraContext) {
    this.#context = context;
    this.#cookies = parseCookies(context.exchange.headers.cookie);
  }

  /** Names carry the port, because cookies do not tell ports apart. */
  get #suffix(): string {
    return String(this.#context.exchange.authority.port ?? "");
  }

  /** This port's first. A page in clear could not take back what one by TLS has set: each port has a name of its own. */
  get #sessionNames(): ReadonlySet<string> {
    const suffixes = this.#context.pagePorts().map((port) => (isDefaultPort(port) ? "" : String(port)));
    return new Set([this.#suffix, ...suffixes].map((suffix) => `batchyard-session${suffix}`));
  }

  async session(): Promise<SignedInUser | undefined> {
    const { directory, clock } = this.#context;
    for (const token of this.#sessionTokens()) {
      const session = await sessionFind(directory, token, clock());
      if (session !== undefined) return session;
    }
    return undefined;
  }

  #sessionTokens(): string[] {
    return [...this.#sessionNames].flatMap((name) => this.#cookies.get(name) || []);
  }

  /** @returns who signed in, with the new session's id */
  async begin(signedIn: SignedInUser, tenant: Tenant): Promise<SignedInUser> {
    await this.#endOld();
    const { directory, clock } = this.#context;
    const { token, sessionId } = await sessionBegin(directory, signedIn, clock());
    this.#setSession(`batchyard-session${this.#suffix}`, token, tenant, "");
    return { ...signedIn, sessionId };
  }

  async end(tenant: Tenant): Promise<void> {
    await this.#endOld();
    for (const name of this.#sessionNames) this.#setSession(name, "", tenant, "; Max-Age=0");
  }

  /** The fields that make a form ours. */
  formFields(carried: Readonly<Record<string, string>> = {}): Html {
    const all = { csrf: this.#formToken(), ...carried };
    return html`${Object.entries(all).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
  }

  /** @throws Fault when another site made the browser post this, or the page is from before a restart */
  checkForm(form: Form): void {
    const { headers, origin } = this.#context.exchange;
    const site = headers["sec-fetch-site"];
    const isSameOrigin =
      (headers.origin === undefined || headers.origin === origin) &&
      (site === undefined || site === "same-origin" || site === "none");
    const given = Buffer.from(form.csrf ?? "");
    const wanted = Buffer.from(this.#cookies.has(this.#idName) ? this.#formToken() : "");
    const isOurs = wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!isSameOrigin || !isOurs)
      throw new Fault(
        "FormExpired",
        "This page is no longer valid. Go back to the application and start again.",
        {
          status: 403,
        },
      );
  }

  get #idName(): string {
    return `batchyard-browser${this.#suffix}`;
  }

  #formToken(): string {
    this.#id ??= this.#cookies.get(this.#idName) ?? this.#newId();
    return createHmac("sha256", this.#context.pageKey).update(this.#id).digest("base64url");
  }

  #newId(): string {
    const id = randomBytes(32).toString("base64url");
    this.setCookies.push(`${this.#idName}=${id}; Path=/; ${this.#attributes}`);
    return id;
  }

  async #endOld(): Promise<void> {
    for (const old of this.#sessionTokens()) await sessionEnd(this.#context.directory, old);
  }

  #setSession(cookie: string, token: string, tenant: Tenant, more: string): void {
    const { tenantName } = this.#context;
    const names = new Set([
      ...TENANTLESS_PATHS,
      tenant.id,
      tenant.defaultDomain,
      encodeURIComponent(tenantName),
    ]);
    for (const name of names)
      this.setCookies.push(`${cookie}=${token}; Path=/${name}; ${this.#attributes}${more}`);
  }

  /** Lax: an application's redirect to us comes from another site, and finds the user signed in. */
  get #attributes(): string {
    const secure = this.#context.exchange.scheme === "https" ? "; Secure" : "";
    return `HttpOnly; SameSite=Lax${secure}`;
  }
}

/** An authority does not tell it. */
const isDefaultPort = (port: number): boolean => port === 443 || port === 80;

function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    // Of two with one name the more specific path's comes first.
    if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}
