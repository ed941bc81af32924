/**
 * What a first start declares when nobody says otherwise: one tenant, one application that may do everything with Batch but
 * hand out roles, one user who owns the subscription, and the account that the documents' samples name. All ids and secrets are
 * random. The command line signs in as the application, so it may also register others, make users and groups and give consent; with
 * this it could act as any application that it finds, but as no user who administers the directory.
 */
import { randomUUID } from "node:crypto";
import { GLOBAL_ADMINISTRATOR } from "../../wire/entra/directory-roles.ts";
import { BATCH_APP_ID, BATCH_USER_IMPERSONATION_ID } from "../../wire/entra/first-party.ts";
import { CONTRIBUTOR, OWNER } from "../../wire/rbac/built-in-roles.ts";
import { USER_READ } from "../directory/application.ts";
import { generateSecret } from "../directory/client-secret.ts";
import { randomSecret } from "../secrets/random-secret.ts";
import type { Seed } from "./seed.ts";

/** Random. */
const PASSWORD_BYTES = 18;

/** What the user signs in with; kept in `credentials.json`. */
export interface FirstCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

const YEAR_MS = 365 * 86_400_000;
const GRAPH_APP_ROLES = [
  "Application.ReadWrite.All",
  "User.ReadWrite.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
];
const DOMAIN = "batchyard.onmicrosoft.com";
/** A region that tools know, such as those that choose a machine's size by it. */
const LOCATION = "eastus";

export function defaultSeed(now: number): { readonly seed: Seed; readonly credentials: FirstCredentials } {
  const tenantId = randomUUID();
  const subscriptionId = randomUUID();
  const servicePrincipalId = randomUUID();
  const userId = randomUUID();
  const scope = `/subscriptions/${subscriptionId}`;
  const place = { subscriptionId, resourceGroup: "batchyard", location: LOCATION };
  const credentials: FirstCredentials = {
    clientId: randomUUID(),
    clientSecret: generateSecret(),
    username: `admin@${DOMAIN}`,
    password: randomSecret(PASSWORD_BYTES),
  };
  const seed: Seed = {
    tenants: [
      {
        tenantId,
        displayName: "Batchyard",
        domains: [DOMAIN],
        applications: [
          {
            appId: credentials.clientId,
            displayName: "batch-application",
            objectId: randomUUID(),
            servicePrincipalId,
            // So that the samples' `/common` works too; signing people in still needs their consent.
            signInAudience: "AzureADMultipleOrgs",
            registration: {
              publicClient: { redirectUris: ["http://localhost", "http://mybatchdatasample"] },
              isFallbackPublicClient: true,
              requiredResourceAccess: [
                USER_READ,
                {
                  resourceAppId: BATCH_APP_ID,
                  resourceAccess: [{ id: BATCH_USER_IMPERSONATION_ID, type: "Scope" }],
                },
              ],
            },
            secrets: [{ keyId: randomUUID(), secret: credentials.clientSecret, endAt: now + YEAR_MS }],
            graphAppRoles: GRAPH_APP_ROLES,
          },
        ],
        users: [
          {
            objectId: userId,
            userPrincipalName: credentials.username,
            displayName: "Administrator",
            password: credentials.password,
            directoryRoles: [GLOBAL_ADMINISTRATOR.templateId],
          },
        ],
      },
    ],
    subscriptions: [{ subscriptionId, tenantId, displayName: "Batchyard" }],
    accounts: [{ ...place, name: "myaccount", autoStorage: "mystorageaccount" }],
    storageAccounts: [{ ...place, name: "mystorageaccount" }],
    roleAssignments: [
      {
        tenantId,
        principalId: servicePrincipalId,
        principalType: "ServicePrincipal",
        roleDefinitionId: CONTRIBUTOR.name,
        scope,
      },
      { tenantId, principalId: userId, principalType: "User", roleDefinitionId: OWNER.name, scope },
    ],
  };
  return { seed, credentials };
}
