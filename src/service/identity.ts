/** Second stage: whose tokens count, who may do what, and what is written down about it. */
import { join } from "node:path";
import { Access } from "../app/access/access.ts";
import { AccessJournal } from "../app/access/access-journal.ts";
import { AuditLog } from "../app/access/audit-log.ts";
import { Denials } from "../app/access/denials.ts";
import { Recordings } from "../app/access/recordings.ts";
import { SignInLog } from "../app/access/sign-in-log.ts";
import { HostedAccounts } from "../app/accounts/hosted-accounts.ts";
import { type AccessTokens, accessTokens, DEFAULT_LIFETIME_SECONDS } from "../app/directory/access-token.ts";
import { type AccessTokenVerifier, accessTokenVerifier } from "../app/directory/access-token-verify.ts";
import { deletedObjectsSweep } from "../app/directory/deletion/deleted-object.ts";
import { IdentityRequests } from "../app/identities/identity-requests.ts";
import { signInSweep } from "../app/sign-in/sign-in-sweep.ts";
import { Reconciler } from "../loops/reconciler.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";

export interface Identity {
  readonly tokens: AccessTokenVerifier;
  readonly accessTokens: AccessTokens;
  readonly access: Access;
  readonly journal: AccessJournal;
  readonly signIns: SignInLog;
  readonly accounts: HostedAccounts;
  /** Requests for tokens of managed identities, from nodes and from elsewhere. */
  readonly identityRequests: IdentityRequests;
  /** Rolls signing keys over, sweeps expired sign-ins and deleted objects. */
  readonly upkeep: Reconciler;
}

/** How often signing keys are looked at and expired sign-ins swept: hourly is far below any of their terms. */
const UPKEEP_MS = 3_600_000;

export async function openIdentity({ options, undo, log }: Stage, state: State): Promise<Identity> {
  const { store, directory, keys, clock, sealing, folder } = state;
  const journal = new AccessJournal({
    denials: new Denials(store, clock.now, log),
    audit: new AuditLog(join(folder, "audit"), log),
    recordings: new Recordings(clock.now),
  });
  undo.push(() => journal.close());
  const signIns = new SignInLog((entry) => journal.audit.append(entry), clock.now);
  undo.push(() => signIns.close());
  const accounts = await HostedAccounts.read(store, sealing);
  const identityRequests = new IdentityRequests(store, journal, clock.now, () => accounts.first.handle);
  undo.push(() => identityRequests.close());
  const upkeep = new Reconciler({
    name: "sign-in",
    periodMs: UPKEEP_MS,
    step: async () => {
      await keys.roll();
      await signInSweep(directory, clock.now());
      await deletedObjectsSweep(directory, clock.now());
    },
    log,
  });
  return {
    tokens: accessTokenVerifier(keys, clock.now),
    accessTokens: accessTokens(keys, clock.now, options.tokenLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS),
    access: new Access(store, directory),
    journal,
    signIns,
    accounts,
    identityRequests,
    upkeep,
  };
}
