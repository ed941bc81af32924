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
  /** What the list begins at, or what something new is made like. */
  readonly from?: string;
  readonly exit?: string;
  readonly node?: string;
}

const KEPT = ["state", "text", "selected", "tab", "from", "exit", "node"] as const;

function listSearch(search: Record<string, unknown>): ListSearch {
  const given = KEPT.filter(
    (name) => ["string", "number"].includes(typeof search[name]) && search[name] !== "",
  );
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
  page(
    "/accounts/$account/applications",
    () => import("./pages/accounts/packages.tsx"),
    "AccountApplications",
  ),
  page("/accounts/$account/certificates", () => import("./pages/accounts/certificates.tsx"), "Certificates"),
  page(
    "/accounts/$account/authentication",
    () => import("./pages/accounts/authentication.tsx"),
    "Authentication",
  ),
  page("/accounts/$account/identity", () => import("./pages/accounts/identity.tsx"), "AccountIdentity"),
  page("/accounts/$account/storage", () => import("./pages/accounts/storage.tsx"), "AccountStorage"),
  page("/accounts/$account/tags", () => import("./pages/accounts/tags.tsx"), "AccountTags"),
  page("/accounts/$account/quotas", () => import("./pages/accounts/quotas.tsx"), "AccountQuotas"),
  page("/accounts/$account/new-job", () => import("./pages/jobs/new-job.tsx"), "NewJob"),
  page("/accounts/$account/jobs/$job/add-tasks", () => import("./pages/jobs/add-tasks.tsx"), "AddTasks"),
  page("/accounts/$account/jobs/$job", () => import("./pages/jobs/job.tsx"), "Job"),
  page("/accounts/$account/jobs/$job/tasks/$task", () => import("./pages/tasks/task.tsx"), "Task"),
  page("/accounts/$account/pools", () => import("./pages/pools/pools.tsx"), "Pools"),
  page("/accounts/$account/new-pool", () => import("./pages/pools/new-pool.tsx"), "NewPool"),
  page("/accounts/$account/pools/$pool/autoscale", () => import("./pages/pools/autoscale.tsx"), "Autoscale"),
  page("/accounts/$account/pools/$pool", () => import("./pages/pools/pool.tsx"), "Pool"),
  page("/accounts/$account/access", () => import("./pages/access/access-control.tsx"), "AccountAccess"),
  page("/accounts/$account/new-schedule", () => import("./pages/schedules/new-schedule.tsx"), "NewSchedule"),
  page("/accounts/$account/schedules", () => import("./pages/schedules/schedules.tsx"), "Schedules"),
  page("/subscriptions", () => import("./pages/subscriptions/subscriptions.tsx"), "Subscriptions"),
  page(
    "/subscriptions/$subscription/access",
    () => import("./pages/access/access-control.tsx"),
    "SubscriptionAccess",
  ),
  page(
    "/subscriptions/$subscription/groups/$group/access",
    () => import("./pages/access/access-control.tsx"),
    "GroupAccess",
  ),
  page("/applications", () => import("./pages/applications/applications.tsx"), "Applications"),
  page("/applications/new", () => import("./pages/applications/new-registration.tsx"), "NewRegistration"),
  page("/applications/$appId", () => import("./pages/applications/overview.tsx"), "ApplicationOverview"),
  page(
    "/applications/$appId/permissions",
    () => import("./pages/applications/api-permissions.tsx"),
    "ApiPermissions",
  ),
  page(
    "/applications/$appId/authentication",
    () => import("./pages/applications/authentication.tsx"),
    "Authentication",
  ),
  page("/applications/$appId/roles", () => import("./pages/applications/app-roles.tsx"), "AppRoles"),
  page("/applications/$appId/owners", () => import("./pages/applications/owners.tsx"), "Owners"),
  page("/applications/$appId/secrets", () => import("./pages/applications/secrets.tsx"), "Secrets"),
  page("/tenant", () => import("./pages/directory/tenant.tsx"), "Tenant"),
  page("/users", () => import("./pages/directory/users.tsx"), "Users"),
  page("/groups/$group", () => import("./pages/directory/group.tsx"), "Group"),
  page(
    "/enterprise-applications",
    () => import("./pages/enterprise-applications/enterprise-applications.tsx"),
    "EnterpriseApplications",
  ),
  page(
    "/enterprise-applications/$principal",
    () => import("./pages/enterprise-applications/enterprise-application.tsx"),
    "EnterpriseApplication",
  ),
  page("/groups", () => import("./pages/directory/groups.tsx"), "Groups"),
  page("/identities", () => import("./pages/identities/identities.tsx"), "Identities"),
  page(
    "/identities/$subscription/$group/$identity",
    () => import("./pages/identities/identity.tsx"),
    "Identity",
  ),
  page("/refusals", () => import("./pages/access/refusals.tsx"), "Refusals"),
  page("/activity", () => import("./pages/access/activity.tsx"), "Activity"),
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
