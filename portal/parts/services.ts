/** The kinds of things that the portal shows: for the navigation, the first page and *All services*. */
export const SERVICES: readonly { readonly to: string; readonly name: string; readonly text: string }[] = [
  { to: "/accounts", name: "Batch accounts", text: "Jobs, tasks and pools; keys; who may do what" },
  {
    to: "/applications",
    name: "App registrations",
    text: "Programs that sign in, their secrets and permissions",
  },
  {
    to: "/enterprise-applications",
    name: "Enterprise applications",
    text: "What may sign in here, with whose consent",
  },
  { to: "/tenant", name: "Azure Active Directory", text: "Properties of the tenant, with its ID" },
  { to: "/users", name: "Users", text: "People who sign in" },
  { to: "/groups", name: "Groups", text: "Who belongs together" },
  { to: "/identities", name: "Managed identities", text: "What nodes of pools sign in as" },
  { to: "/subscriptions", name: "Subscriptions and groups", text: "Who may do what in all of a group" },
  { to: "/refusals", name: "Refused requests", text: "What was refused just now, and what would allow it" },
  { to: "/activity", name: "Activity log", text: "What was changed, and by whom" },
];
