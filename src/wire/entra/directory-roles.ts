/** The directory roles that count here, by template id. Source: "Microsoft Entra built-in roles". */

export interface DirectoryRole {
  readonly templateId: string;
  readonly displayName: string;
  readonly description: string;
}

export const GLOBAL_ADMINISTRATOR: DirectoryRole = {
  templateId: "62e90394-69f5-4237-9190-012177145e10",
  displayName: "Global Administrator",
  description: "May do everything in the directory.",
};

export const APPLICATION_ADMINISTRATOR: DirectoryRole = {
  templateId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  displayName: "Application Administrator",
  description: "May manage applications and service principals, and consent for everyone.",
};

export const USER_ADMINISTRATOR: DirectoryRole = {
  templateId: "fe930be7-5e62-47db-91af-98c3a49a38b1",
  displayName: "User Administrator",
  description: "May manage users and groups, but not those who hold a directory role.",
};

export const DIRECTORY_ROLES: readonly DirectoryRole[] = [
  GLOBAL_ADMINISTRATOR,
  APPLICATION_ADMINISTRATOR,
  USER_ADMINISTRATOR,
];

const BY_TEMPLATE_ID = new Map(DIRECTORY_ROLES.map((role) => [role.templateId, role]));

export const directoryRole = (templateId: string): DirectoryRole | undefined =>
  BY_TEMPLATE_ID.get(templateId.toLowerCase());
