/** What a service principal says of itself beside its application's registration. */
import type { Migration } from "./migration.ts";

export const principalProfiles: Migration = () => [
  "alter table service_principal add column profile text not null default '{}'",
];
