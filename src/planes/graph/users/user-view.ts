/** A user as Graph shows it. */
import type { User } from "../../../app/directory/user.ts";
import { USER_KEPT } from "../../../wire/graph/kept-properties.ts";
import { instantView } from "../request/instant-view.ts";
import { keptView } from "../request/kept-properties.ts";

export function userView({ objectId, userPrincipalName, displayName, enabled, createdAt, profile }: User) {
  return {
    displayName,
    givenName: profile.givenName ?? null,
    mail: profile.mail ?? null,
    preferredLanguage: profile.preferredLanguage ?? null,
    surname: profile.surname ?? null,
    userPrincipalName,
    id: objectId,
    accountEnabled: enabled,
    createdDateTime: instantView(createdAt),
    mailNickname: profile.mailNickname ?? userPrincipalName.split("@")[0] ?? null,
    userType: "Member",
    onPremisesSyncEnabled: null,
    ...keptView(USER_KEPT, profile),
  };
}
