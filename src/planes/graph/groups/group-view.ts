/** A group as Graph shows it: always a security group, without mail. */
import type { Group } from "../../../app/directory/group.ts";
import { instantView } from "../request/instant-view.ts";

export function groupView({ objectId, displayName, description, mailNickname, createdAt }: Group) {
  return {
    id: objectId,
    deletedDateTime: null,
    createdDateTime: instantView(createdAt),
    description,
    displayName,
    groupTypes: [],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    mailNickname,
    membershipRule: null,
    onPremisesSyncEnabled: null,
    renewedDateTime: instantView(createdAt),
    securityEnabled: true,
    visibility: null,
  };
}
