/** Which address shows which page. Pages are fetched when they are first shown. */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import type { SignedIn } from "./api/session.ts";
import { Frame } from "./parts/frame/frame.tsx";
import { NotFound } from "./parts/frame/not-found.tsx";
import { PageFailure } from "./parts/frame/page-failure.tsx";

const root = createRootRouteWithContext<{ readonly user: SignedIn }>()({ component: Frame });

/** What a list's filter, selection and tab are kept in, so that an address can be shared. */
export interface ListSearch {
  readonly state?: string;
  readonly text?: string;
  readonly selected?: string;
  readonly tab?: string;
}

const KEPT = ["state", "text", "selected", "tab"] as const;

function listSearch(search: Record<string, unknown>): ListSearch {
  const given = KEPT.filter((name) => ["string", "number"].includes(typeof search[name]));
  return Object.fromEntries(given.map((name) => [name, String(search[name])]));
}

const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: listSearch,
    component: lazyRouteComponent(load as () => Promise<Record<string, () => React.ReactNode>>, name),
  });

const pages = [
  page("/", () => import("./pages/home/home.tsx"), "Home"),
  page("/all-services", () => import("./pages/home/all-services.tsx"), "AllServices"),
  page("/accounts", () => import("./pages/accounts/accounts.tsx"), "Accounts"),
  page("/accounts/$account", () => import("./pages/accounts/overview.tsx"), "AccountOverview"),
  page("/accounts/$account/keys", () => import("./pages/accounts/keys.tsx"), "AccountKeys"),
  page("/accounts/$account/jobs", () => import("./pages/jobs/jobs.tsx"), "Jobs"),
];

export const portalRouter = (user: SignedIn) =>
  createRouter({
    routeTree: root.addChildren(pages),
    basepath: "/portal",
    context: { user },
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageFailure,
    defaultPreload: "intent",
  });
