/** A user as Graph shows it. */
import type { User } from "../../../app/directory/user.ts";
import { instantView } from "../request/instant-view.ts";

export function userView({ objectId, userPrincipalName, displayName, enabled, createdAt, profile }: User) {
  return {
    businessPhones: [],
    displayName,
    givenName: profile.givenName ?? null,
    jobTitle: profile.jobTitle ?? null,
    mail: profile.mail ?? null,
    mobilePhone: profile.mobilePhone ?? null,
    officeLocation: profile.officeLocation ?? null,
    preferredLanguage: profile.preferredLanguage ?? null,
    surname: profile.surname ?? null,
    userPrincipalName,
    id: objectId,
    accountEnabled: enabled,
    createdDateTime: instantView(createdAt),
    department: profile.department ?? null,
    mailNickname: profile.mailNickname ?? userPrincipalName.split("@")[0] ?? null,
    usageLocation: profile.usageLocation ?? null,
    userType: "Member",
    onPremisesSyncEnabled: null,
  };
}
