/** The documents' steps once more, by keyboard alone: not one click, nothing filled in but by typing. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, BatchTokenCredentials } from "../../src/client/index.ts";
import { namespaceObstacle } from "../e2e/nodes/namespace-nodes.ts";
import { missing } from "../wire/client-program.fixture.ts";
import { CHROMIUM } from "../wire/entra/chromium.fixture.ts";
import { postForm } from "../wire/raw-request.fixture.ts";
import { noteSecret } from "../wire/seen-secrets.fixture.ts";
import { openPortal, type Portal } from "./portal.fixture.ts";

const NAME = "Typed application";
/** So many stops of the Tab key at the most lead to any place of a page. */
const STOPS_MAX = 60;
const ROLE = JSON.stringify({
  properties: {
    roleName: "Typed role",
    assignableScopes: ["/subscriptions/88888888-8888-8888-8888-888888888888"],
    permissions: [
      { actions: ["Microsoft.Batch/*/read"], notActions: [], dataActions: [], notDataActions: [] },
    ],
  },
});

describe.skipIf(missing("Chromium", CHROMIUM, ["--version"]))(
  "by keyboard alone",
  { timeout: 60_000 },
  () => {
    let portal: Portal;
    let page: Page;
    const registered = { appId: "", secret: "" };
    beforeAll(async () => {
      portal = await openPortal();
      page = portal.page;
    }, 60_000);
    afterAll(() => portal?.close());

    const button = (name: string | RegExp) =>
      page.getByRole("button", { name, exact: typeof name === "string" });
    const field = (name: string) => page.getByRole("textbox", { name });
    const row = (text: string) => page.getByRole("row").filter({ hasText: text });
    const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
    /** What an open list hides from everybody else is not there. */
    const hasFocus = async (place: Locator) =>
      (await place.count()) === 1 && (await place.evaluate((element) => element.matches(":focus")));

    async function tabTo(place: Locator): Promise<void> {
      await place.waitFor();
      for (let stops = 0; stops < STOPS_MAX; stops++) {
        if (await hasFocus(place)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`${place} is not reached with the Tab key`);
    }

    async function press(place: Locator, key = "Enter"): Promise<void> {
      await tabTo(place);
      await page.keyboard.press(key);
    }

    async function type(place: Locator, text: string): Promise<void> {
      await tabTo(place);
      await page.keyboard.insertText(text);
    }

    /** Of a list that opens: the words lead to the option. */
    async function choose(place: Locator, words: string): Promise<void> {
      await press(place);
      const option = page.getByRole("option", { name: words, exact: true });
      await option.waitFor();
      await page.keyboard.type(words);
      await expect.poll(() => hasFocus(option)).toBe(true);
      await page.keyboard.press("Enter");
      await option.waitFor({ state: "detached" });
    }

    async function select(text: string): Promise<void> {
      await tabTo(page.getByRole("combobox", { name: "Select" }));
      await page.keyboard.type(text);
      await page.getByRole("option", { name: new RegExp(text) }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }

    /** Of a table's row: the arrow keys lead to it, and to what stands in it. */
    async function inRow(text: string, name: string, role: "button" | "link" = "button"): Promise<void> {
      await row(text).first().waitFor();
      await tabTo(page.locator("[role=grid] [role=row][tabindex='0']").first());
      for (let rows = 0; rows < 10 && !(await hasFocus(row(text))); rows++)
        await page.keyboard.press("ArrowDown");
      const place = row(text).getByRole(role, { name });
      for (let cells = 0; cells < 8 && !(await hasFocus(place)); cells++)
        await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
    }

    const dialogGone = () => page.getByRole("dialog").waitFor({ state: "detached" });
    const visit = (path: string) => portal.visit(path);

    test("sign in, and register an application", async () => {
      const { username, password } = portal.service.ready;
      await page.goto(portal.url);
      await type(page.getByLabel("User name"), username ?? "");
      await type(page.getByLabel("Password"), password ?? "");
      await page.keyboard.press("Enter");
      await heading("Home");
      await press(page.getByRole("link", { name: "App registrations" }).first());
      await heading("App registrations");
      await press(button("New registration"));
      await heading("Register an application");
      await type(page.getByRole("textbox", { name: "Name" }), NAME);
      await type(field("Redirect URI"), "http://mybatchdatasample");
      await press(button("Register"));
      await heading(NAME);
      await press(button("Copy Application (client) ID"));
      await page.getByText("Copied", { exact: true }).waitFor();
      registered.appId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    });

    test("copy the directory's ID", async () => {
      await press(page.getByRole("link", { name: "Azure Active Directory" }));
      await heading("Properties");
      await press(button("Copy Directory (tenant) ID"));
      await page.getByText("Copied", { exact: true }).waitFor();
      await visit(`applications/${registered.appId}`);
    });

    test("add the Batch permission and grant consent", async () => {
      await press(page.getByRole("link", { name: "API permissions" }));
      await row("User.Read").waitFor();
      await press(button("Add a permission"));
      await type(field("Search APIs by name or application ID"), "ddbf3205-c6bd-46ae-8127-60eb93363864");
      const api = page.getByRole("option", { name: "Microsoft Azure Batch" });
      await press(api);
      await press(page.getByRole("checkbox", { name: /user_impersonation/ }), "Space");
      await press(button("Add permissions"));
      await dialogGone();
      await row("user_impersonation").waitFor();
      await press(button("Grant admin consent"));
      await row("user_impersonation").getByText("Granted", { exact: true }).waitFor();
    });

    test("a new secret of one year", async () => {
      await press(page.getByRole("link", { name: "Certificates & secrets" }));
      await press(button("New client secret"));
      await type(field("Description"), "typed");
      await choose(button(/Expires$/), "In 2 years");
      await press(button("Add"));
      const secret = (await page.locator("[data-secret]").textContent()) ?? "";
      noteSecret("the client secret", secret);
      expect(secret.length).toBeGreaterThan(30);
      registered.secret = secret;
    });

    test("what the application is refused before it has a role is found, with the roles that would help", async () => {
      const { ready, ca } = portal.service;
      const door = { main: { port: Number(new URL(ready.login).port) }, ca };
      const { json } = await postForm(door, `/${ready.tenantId}/oauth2/token`, {
        grant_type: "client_credentials",
        client_id: registered.appId,
        client_secret: registered.secret,
        resource: "https://batch.core.windows.net/",
      });
      const batch = BatchClient.open(
        new BatchTokenCredentials(ready.batch, async () => String(json.access_token)),
        {
          tlsOptions: { ca },
        },
      );
      await expect(batch.jobs.list().toArray()).rejects.toMatchObject({ status: 403 });
      await press(page.getByRole("link", { name: "Refused requests" }));
      await heading("Refused requests");
      await press(row(NAME).first());
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await press(
        page
          .getByRole("region", { name: "Explanation" })
          .getByRole("button", { name: /^Assign / })
          .first(),
      );
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await dialogGone();
    });

    test("a custom role from JSON, and its assignment to the application", async () => {
      await visit(`accounts/${portal.service.ready.account}/access?tab=roles`);
      await press(button("Add custom role"));
      await type(field("JSON"), ROLE);
      await press(button("Create"));
      await page.getByRole("heading", { name: "Typed role" }).waitFor();
      await press(button("Role assignments"));
      await press(button("Add role assignment"));
      await choose(button(/Role$/), "Typed role");
      await select(NAME);
      await press(button("Save"));
      await dialogGone();
      await row(NAME).waitFor();
    });

    test("in a table the arrow keys lead to what can be done with a row", async () => {
      await inRow(NAME, "Remove");
      await press(page.getByRole("alertdialog").getByRole("button", { name: "Remove" }));
      await row(NAME).waitFor({ state: "detached" });
    });

    test("an identity, and a pool with it; `/` leads to the search", async () => {
      await visit("identities");
      await press(button("Create"));
      await type(field("Name"), "typed");
      await press(page.getByRole("dialog").getByRole("button", { name: "Create" }));
      await dialogGone();
      await visit("");
      await page.getByRole("combobox", { name: "Search everything by name or id" }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("typed");
      await page.getByRole("option", { name: /^typed.*Managed identity/ }).waitFor();
      await page.keyboard.press("ArrowDown");
      while (!(await page.getByRole("option", { name: /^typed/ }).getAttribute("data-focused")))
        await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await heading("typed");
      await press(button("Create a pool with it"));
      await type(field("Pool ID"), "typed");
      await press(page.getByRole("dialog").getByRole("button", { name: "Create" }));
      await dialogGone();
      await page
        .getByRole("region", { name: "Pools with it" })
        .getByRole("link", { name: "typed" })
        .waitFor();
    });

    test("a node of that pool: a user with the line to log in, or the node's reason why nobody can", async () => {
      await inRow("typed", "typed", "link");
      await page.getByRole("region", { name: "Nodes" }).getByText("1 idle").waitFor({ timeout: 30_000 });
      await press(page.getByRole("group", { name: "Nodes by state" }).getByRole("button").first());
      await press(button("Add user"));
      const dialog = page.getByRole("dialog");
      await type(dialog.getByRole("textbox", { name: "User name" }), "typist");
      await type(dialog.getByLabel("Password"), "Correct-horse-9");
      await press(dialog.getByRole("button", { name: "Add", exact: true }));
      const line = dialog.getByText(/^ssh -p \d+ typist@/);
      await line.or(dialog.locator(".refusal")).first().waitFor({ timeout: 30_000 });
      await page.keyboard.press("Escape");
      await dialogGone();
    });

    test.skipIf(namespaceObstacle !== undefined)("a token as that node gets it", async () => {
      await press(button("Get a token"));
      const dialog = page.getByRole("dialog");
      await press(dialog.getByRole("button", { name: "Get token" }));
      await press(dialog.getByRole("button", { name: "Copy the token" }));
      await press(dialog.getByRole("button", { name: "Done" }));
      await dialogGone();
    });

    test("the identity is deleted, after a question that Escape answers with no", async () => {
      await visit("identities");
      await inRow("typed", "Delete");
      const question = page.getByRole("alertdialog");
      await question.waitFor();
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "detached" });
      await inRow("typed", "Delete");
      await press(question.getByRole("button", { name: "Delete" }));
      await page.getByText("There is no user-assigned managed identity").waitFor();
    });
  },
);
