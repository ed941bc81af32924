/** The device code grant (RFC 8628 section 3.4), under both of its names; v1 and older libraries call the code `code`. */
import { aadsts } from "../../../app/sign-in/aadsts.ts";
import { deviceCodePoll } from "../../../app/sign-in/device-code.ts";
import { firstRefreshTokenIssue } from "../../../app/sign-in/refresh-token.ts";
import { isPublicClient, proveClient, readClientCredentials } from "../request/client-authenticate.ts";
import { requireCurrentUser, requireUserClient } from "../request/user-client.ts";
import { userTokenReply } from "../user-token-reply.ts";
import { clientAtEndpoint, requireHome } from "./authorization-code.ts";
import type { Grant } from "./grant.ts";

export const deviceCode: Grant = {
  grantTypes: ["urn:ietf:params:oauth:grant-type:device_code", "device_code"],
  async issue(context) {
    const { form, tenant, directory, clock } = context;
    const credentials = readClientCredentials(context, form);
    const code = form.device_code || form.code;
    if (!code) throw aadsts(900144, { parameter: "device_code" });
    const known = await clientAtEndpoint(context, credentials.clientId);
    const proof = await proveClient(
      context,
      tenant,
      known,
      credentials,
      isPublicClient(known) ? undefined : 7000218,
    );
    const redeemed = await deviceCodePoll(directory, code, known.appId, clock());
    const { tenantId, userId, authAt, request } = redeemed;
    const user = await requireCurrentUser(context, tenantId, userId, authAt);
    const client = await requireUserClient(context, await requireHome(context, tenantId), known.appId);
    const family = { user, authAt, appId: client.appId, platform: "none" as const };
    return userTokenReply(context, form, { client, proof, user, authAt, request }, (final) =>
      firstRefreshTokenIssue(directory, family, final, clock()),
    );
  },
};
