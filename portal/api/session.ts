/**
 * Who is signed in, and tokens for what the portal asks on their behalf. Authorization code with PKCE; everything lies in the tab's session
 * storage, so another tab's user is another user, and closing the tab forgets.
 */
import {
  type AccountInfo,
  BrowserCacheLocation,
  CacheLookupPolicy,
  createStandardPublicClientApplication,
  type INetworkModule,
  InteractionRequiredAuthError,
  type IPublicClientApplication,
  NavigationClient,
  type NavigationOptions,
} from "@azure/msal-browser";
import { PORTAL_APP_ID } from "../../src/wire/entra/first-party.ts";
import { forgetDrafts } from "./drafts.ts";

/** MSAL insists on an authority over TLS and knows this one's endpoints; what it sends there goes to whoever served this page. */
const AUTHORITY = "https://login.microsoftonline.com";

export type Resource = "arm" | "graph" | "batch";

const SCOPES: Readonly<Record<Resource, string>> = {
  arm: "https://management.azure.com/.default",
  graph: "https://graph.microsoft.com/.default",
  // The second slash belongs to the audience, which ends in one.
  batch: "https://batch.core.windows.net//.default",
};

const here = (url: string): string =>
  url.startsWith(`${AUTHORITY}/`) ? location.origin + url.slice(AUTHORITY.length) : url;

const network: INetworkModule = {
  sendGetRequestAsync: (url, options) => exchange(url, { headers: options?.headers ?? {} }),
  sendPostRequestAsync: (url, options) =>
    exchange(url, { method: "POST", headers: options?.headers ?? {}, body: options?.body ?? "" }),
};

async function exchange<T>(url: string, init: RequestInit) {
  const response = await fetch(here(url), { ...init, cache: "no-store" });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: (await response.json()) as T,
  };
}

class Navigation extends NavigationClient {
  override navigateExternal(url: string, options: NavigationOptions): Promise<boolean> {
    return super.navigateExternal(here(url), options);
  }
}

let client: IPublicClientApplication;
/** The page comes straight from signing in, which therefore is no remedy. */
let isFresh = false;
/** Its user has done something here. The browser's own record of that outlives a page, so it is not asked. */
let isTouched = false;
for (const event of ["keydown", "pointerdown"])
  addEventListener(event, touched, { once: true, capture: true });

function touched(): void {
  isTouched = true;
}

export interface SignedIn {
  readonly name: string;
  readonly username: string;
  readonly tenantId: string;
  readonly objectId: string;
}

/** Signs in where nobody is. @returns undefined when the browser is on its way to the sign-in page */
export async function beginSession(): Promise<SignedIn | undefined> {
  client = await createStandardPublicClientApplication({
    auth: {
      clientId: PORTAL_APP_ID,
      authority: `${AUTHORITY}/organizations`,
      redirectUri: `${location.origin}/portal/`,
      postLogoutRedirectUri: `${location.origin}/portal/`,
    },
    cache: { cacheLocation: BrowserCacheLocation.SessionStorage },
    system: { networkClient: network, navigationClient: new Navigation() },
  });
  const answer = await client.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  const account = answer?.account ?? client.getActiveAccount() ?? client.getAllAccounts()[0];
  if (account === undefined) {
    await signIn();
    return undefined;
  }
  client.setActiveAccount(account);
  isFresh = answer !== null;
  if (answer?.state?.startsWith("/portal/")) history.replaceState(null, "", answer.state);
  await fetchTokens();
  return signedIn(account);
}

/**
 * A refresh token is used once: a page that is left while its token is on the way takes the sign-in with it. So all that is needed is
 * fetched before there is anything that leads away; later it is renewed once an hour.
 */
async function fetchTokens(): Promise<void> {
  // What does not come now is asked for again by whoever needs it, and told by them.
  await Promise.allSettled(Object.keys(SCOPES).map((resource) => accessToken(resource as Resource)));
}

const signedIn = ({ name, username, tenantId, localAccountId }: AccountInfo): SignedIn => ({
  name: name ?? username,
  username,
  tenantId,
  objectId: localAccountId,
});

const signIn = (prompt?: string): Promise<void> =>
  client.loginRedirect({
    scopes: [SCOPES.arm],
    state: location.pathname + location.search,
    ...(prompt !== undefined && { prompt }),
  });

interface Held {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const held = new Map<Resource, Held>();
/** A token is renewed so long before it ends. */
const MARGIN_MS = 300_000;

/** Renewals, one after the other: a refresh token is used once, and two that use the same one end the whole sign-in. */
let renewals: Promise<unknown> = Promise.resolve();

/** @throws SessionEnded where its user has to sign in again, and whatever keeps the service from answering */
export function accessToken(resource: Resource): Promise<string> {
  const current = () => {
    const known = held.get(resource);
    return known && known.until - MARGIN_MS > Date.now() ? known.token : undefined;
  };
  const token = current();
  if (token !== undefined) return Promise.resolve(token);
  const renewal = renewals.then(async () => current() ?? (await renew(resource)));
  renewals = renewal.catch(() => {});
  return renewal;
}

async function renew(resource: Resource): Promise<string> {
  const account = client.getActiveAccount();
  if (account === null) throw new SessionEnded();
  try {
    const { accessToken: token, expiresOn } = await client.acquireTokenSilent({
      scopes: [SCOPES[resource]],
      account,
      // No hidden frames: the sign-in page refuses to be framed.
      cacheLookupPolicy: CacheLookupPolicy.AccessTokenAndRefreshToken,
    });
    held.set(resource, { token, until: expiresOn?.getTime() ?? 0 });
    return token;
  } catch (error) {
    if (!(error instanceof InteractionRequiredAuthError)) throw error;
    if (isFresh || isTouched) throw new SessionEnded();
    // Nothing was done on this page yet that could be lost, and who is signed in at the token service sees nothing of it. So ends a page
    // that was left in the middle of a renewal, whose new token nobody got.
    await signIn();
    return new Promise(() => {});
  }
}

/** The session cannot be renewed without its user; what is on the screen stays there until they choose to sign in again. */
export class SessionEnded extends Error {
  constructor() {
    super("Your session has ended.");
  }
}

export const signInAgain = (): Promise<void> => signIn();
export const switchUser = (): Promise<void> => signIn("select_account");

export async function signOut(): Promise<void> {
  const account = client.getActiveAccount();
  forgetDrafts();
  await client.logoutRedirect({ account, ...(account?.idToken && { idTokenHint: account.idToken }) });
}
