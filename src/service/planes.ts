/** The planes of this service, each given what it answers with; and what the plain port shows. */
import { randomBytes } from "node:crypto";
import { idTokens } from "../app/directory/id-token.ts";
import { aadsts } from "../app/sign-in/aadsts.ts";
import { AssertionMemory } from "../app/sign-in/assertion-memory.ts";
import { PasswordCheck } from "../app/sign-in/password-check.ts";
import type { IssuerKeys } from "../app/sign-in/sign-in.ts";
import { VersionRecordings } from "../app/versions/version-recordings.ts";
import type { AccountSpec } from "../core/management/account-spec.ts";
import type { NetworkRules } from "../core/storage/network-rules.ts";
import { VersionDoor } from "../core/version/version-door.ts";
import { notFound, type Planes, pagesOrPlanes } from "../http/dispatch.ts";
import type { Handler } from "../http/exchange.ts";
import { issuerKeysFetcher, NotPublicAddress } from "../http/issuer-keys.ts";
import { testControls } from "../http/test-controls.ts";
import { armPlane } from "../planes/arm/arm-plane.ts";
import { batchPlane } from "../planes/batch/pipeline.ts";
import { blobPlane } from "../planes/blob/blob-plane.ts";
import { entraPages, entraPlane } from "../planes/entra/entra-plane.ts";
import type { EntraServices } from "../planes/entra/request/endpoint.ts";
import { graphPlane } from "../planes/graph/graph-plane.ts";
import { metadataOrElse, metadataOutside } from "../planes/node/metadata-outside.ts";
import { portalPlane } from "../planes/portal/portal-plane.ts";
import { batchApiVersions } from "../wire/batch/api-versions.gen.ts";
import type { Addresses } from "./addresses.ts";
import type { Identity } from "./identity.ts";
import { portalFolder } from "./product.ts";
import { StartError } from "./service-options.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";
import type { Work } from "./work.ts";

export interface PlaneParts {
  readonly state: State;
  readonly identity: Identity;
  readonly work: Work;
  readonly addresses: Addresses;
}

/** @returns what answers on each port; `pages` is the plain port's, where browsers meet no certificate */
export function openPlanes(
  stage: Stage,
  parts: PlaneParts,
): { readonly planes: Planes; readonly pages: Handler } {
  const { options, log } = stage;
  const { state, identity, work, addresses } = parts;
  const { access, journal, tokens, accounts } = identity;
  const { app, management } = work;
  const { storage } = management;
  const { directory } = state;
  const clock = state.clock.now;
  const versions = new VersionDoor(options.strictVersions ?? false, log);
  const versionRecordings = new VersionRecordings(clock);
  const entra = entraServices(stage, parts);
  const metadata = metadataOutside(identity.identityRequests);
  const planes: Planes = {
    entra: entraPlane(entra),
    arm: armPlane({
      ...management,
      journal,
      tokens,
      log,
      versions,
      versionRecordings,
      accountPort: (key) => addresses.accountPort(key),
    }),
    graph: graphPlane({ directory, access, journal, tokens, clock, log }),
    batch: batchPlane({
      app,
      access,
      journal,
      tokens,
      taskTokens: app.taskTokens,
      accountNamed: (name) => accounts.byName(name)?.handle,
      accountKeys: ({ key }) => accounts.byKey(key)?.keys ?? [],
      authenticationModes: ({ key }) => accounts.byKey(key)?.spec.allowedAuthenticationModes ?? [],
      networkRules: ({ key }) => networkRulesOf(accounts.byKey(key)?.spec),
      lenientAudience: options.lenientAudience ?? false,
      pagesOrigin: () => addresses.pagesOrigin,
      versions,
      versionRecordings,
      answersAs: versionIndex(options.answersAs),
      clock,
      log,
    }),
    metadata,
    storage: blobPlane({
      storage,
      hasRoomFor: (bytes) => state.store.hasRoomFor(bytes),
      access,
      journal,
      tokens,
      portalOrigins: () => addresses.portalOrigins,
      clock,
      log,
    }),
    portal: portalPlane({ folder: portalFolder, build: options.buildPortal, log }),
  };
  // Beyond this machine the plain port would show passwords to the network.
  const pages = addresses.isOnLoopback
    ? metadataOrElse(metadata, pagesOrPlanes(planes, entraPages(entra)))
    : notFound;
  return { planes, pages: withTestControls(stage, parts, pages) };
}

/** @throws StartError for what is no known api-version */
function versionIndex(name: string | undefined): number {
  if (name === undefined) return 0;
  const index = batchApiVersions.findIndex(({ version }) => version === name);
  if (index >= 0) return index;
  const known = batchApiVersions.map(({ version }) => version).slice(-3);
  throw new StartError(`'${name}' is no known api-version to answer as; the newest are ${known.join(", ")}`);
}

function networkRulesOf(spec: AccountSpec | undefined): NetworkRules {
  const { publicNetworkAccess, networkProfile } = spec ?? {};
  return {
    ...(publicNetworkAccess && { publicNetworkAccess }),
    ...(networkProfile?.accountAccess && { networkAcls: networkProfile.accountAccess }),
  };
}

/** Of whoever else issues tokens. @throws Fault 700027 that names the setting for an address that may not be asked */
function otherIssuers(allowedHosts: readonly string[] | undefined): IssuerKeys {
  const fetchIssuerKeys = issuerKeysFetcher(allowedHosts);
  return async (issuer) => {
    try {
      return await fetchIssuerKeys(issuer);
    } catch (error) {
      if (!(error instanceof NotPublicAddress)) throw error;
      const { host } = new URL(issuer);
      const reason = `the issuer's host ${host} is not public; the service must be started with --federation-issuer ${host}.`;
      throw aadsts(700027, { reason });
    }
  };
}

function entraServices({ options }: Stage, { state, identity, addresses }: PlaneParts): EntraServices {
  const { directory, keys } = state;
  const clock = state.clock.now;
  const fetchIssuerKeys = otherIssuers(options.federationIssuers);
  return {
    directory,
    tokens: identity.tokens,
    signIns: identity.signIns,
    passwords: new PasswordCheck(directory, clock),
    assertions: new AssertionMemory(),
    issuerKeys: async (issuer) =>
      (await directory.ownIssuer(issuer)) !== undefined
        ? keys.published.map((key) => ({ ...key }))
        : fetchIssuerKeys(issuer),
    accessTokens: identity.accessTokens,
    idTokens: idTokens(keys, clock),
    publishedKeys: () => keys.published,
    isOwnUrl: (url) => addresses.isOwnUrl(url),
    isOwnAuthority: (host) => addresses.isOwnUrl(`https://${host}`),
    pagesOrigin: () => addresses.pagesOrigin,
    pagePorts: () => addresses.pagePorts,
    portalOrigins: () => addresses.portalOrigins,
    pageKey: randomBytes(32),
    clock,
  };
}

function withTestControls({ options }: Stage, parts: PlaneParts, pages: Handler): Handler {
  const { state, identity, work, addresses } = parts;
  if (!addresses.isOnLoopback || !options.testControls) return pages;
  const advance = async (milliseconds: number) => {
    state.clock.advance(milliseconds);
    await state.keys.roll();
    work.hub.recheckTokens();
    identity.upkeep.nudge();
  };
  return testControls({ now: state.clock.now, advance }, pages);
}
