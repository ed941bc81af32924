/** A whole service, the portal built from these sources, and a real browser in which users sign in to it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { BatchClient, BatchSharedKeyCredentials, BatchTokenCredentials } from "../../src/client/index.ts";
import { repository } from "../guards/source-files.ts";
import { type Chromium, openChromium } from "../wire/entra/chromium.fixture.ts";
import { postForm } from "../wire/raw-request.fixture.ts";
import {
  type RunningService,
  type RunningServiceOptions,
  runningService,
} from "../wire/running-service.fixture.ts";

/** For one thing to come up in the page. */
const PATIENCE_MS = 15_000;

/** Runs in the page: for so many frames nothing new was asked for. */
const SETTLED = `(async () => {
  for (let quiet = 0; quiet < 6; ) {
    await new Promise(requestAnimationFrame);
    quiet = document.querySelector("main[aria-busy=false] h1") === null ? 0 : quiet + 1;
  }
})()`;

export interface Portal {
  readonly service: RunningService;
  readonly browser: Chromium;
  readonly page: Page;
  /** The portal's first page, with a slash at its end. */
  readonly url: string;
  /** A holder of the account's key, to prepare what the portal is to show. */
  readonly batch: BatchClient;
  /** What a page's policy kept from being done, errors of scripts, and whatever else the console was told as an error. */
  readonly complaints: string[];
  signIn(user?: { readonly username: string; readonly password: string }): Promise<void>;
  /** Goes to a page of the portal by its address, e.g. `accounts/myaccount/jobs`. */
  visit(path: string): Promise<void>;
  /** Until everything that the page shows has come. */
  settled(): Promise<void>;
  /** The Batch service as the first start's application, by its roles. */
  asApplication(): BatchClient;
  close(): Promise<void>;
}

/** What a browser shows of a service's portal. */
export type PortalPage = Pick<
  Portal,
  "browser" | "page" | "url" | "complaints" | "signIn" | "visit" | "settled"
>;

/** @param ca PEM */
export async function browsePortal(ready: RunningService["ready"], ca: string): Promise<PortalPage> {
  const browser = await openChromium(Number(new URL(ready.login).port), ca);
  const page = await browser.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // Refusals are what some tests are about; the browser logs each.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  if (ready.portal === null) throw new Error("the service has no portal");
  const url = `${ready.portal}portal/`;
  return {
    browser,
    page,
    url,
    complaints,
    signIn: async ({ username, password } = ownCredentials(ready)) => {
      await page.goto(url);
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Password").fill(password);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
    },
    visit: async (path) => {
      await page.goto(url + path);
      await page.locator("h1").waitFor();
    },
    settled: async () => {
      await page.evaluate(SETTLED);
    },
  };
}

export const buildPortal = () =>
  promisify(execFile)(process.execPath, [`${repository}/tools/build-portal.ts`]);

export async function openPortal(options: RunningServiceOptions = {}): Promise<Portal> {
  await buildPortal();
  const service = await runningService(options);
  const { ready } = service;
  const shown = await browsePortal(ready, service.ca);
  const key = new BatchSharedKeyCredentials(ready.batch, ready.account, ready.accountKey);
  return {
    ...shown,
    service,
    batch: BatchClient.open(key, { tlsOptions: { ca: service.ca } }),
    asApplication: () => {
      const { ready, ca } = service;
      const token = async () => {
        const door = { main: { port: Number(new URL(ready.login).port) }, ca };
        const { json } = await postForm(door, `/${ready.tenantId}/oauth2/token`, {
          grant_type: "client_credentials",
          client_id: ready.clientId ?? "",
          client_secret: ready.clientSecret ?? "",
          resource: "https://batch.core.windows.net/",
        });
        return String(json.access_token);
      };
      return BatchClient.open(new BatchTokenCredentials(ready.batch, token), { tlsOptions: { ca } });
    },
    close: async () => {
      await shown.browser.close();
      await service.close();
      expect(shown.complaints).toEqual([]);
    },
  };
}

function ownCredentials({ username, password }: RunningService["ready"]) {
  if (username === null || password === null) throw new Error("the first start made no user");
  return { username, password };
}
