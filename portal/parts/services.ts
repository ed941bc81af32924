/** The kinds of things that the portal shows, for the first page and *All services*. */
export const SERVICES: readonly { readonly to: string; readonly name: string; readonly text: string }[] = [
  { to: "/accounts", name: "Batch accounts", text: "Jobs, tasks and pools; keys; who may do what" },
];
