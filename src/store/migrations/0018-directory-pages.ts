/** A tenant's users, groups, applications and service principals, page by page in the order of their ids. */
import type { Migration } from "./migration.ts";

export const directoryPages: Migration = () => [
  'create index user_page on "user" (tenant_id, object_id)',
  'create index group_page on "group" (tenant_id, object_id)',
  "create index application_page on application (tenant_id, object_id)",
  "create index service_principal_page on service_principal (tenant_id, object_id)",
];
