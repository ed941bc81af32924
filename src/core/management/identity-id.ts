/** The resource id of a user-assigned managed identity, as requests write it: in any case. Pure. */

const IDENTITY_ID =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/i;

/** Whether the text has the form of one; there may be none of that name. */
export function isIdentityId(text: string): boolean {
  return IDENTITY_ID.test(text);
}
