/**
 * Names and limits of management. Sources: "Naming rules and restrictions for Azure resources"; "Use tags to organize your Azure
 * resources"; "Azure Batch service quotas and limits". What is ours says so.
 */

export const ACCOUNT_NAME_PATTERN = /^[a-z0-9]{3,24}$/;

/** Letters, digits, underscores, parentheses, hyphens and full stops; none of these at the end. */
export const RESOURCE_GROUP_NAME_PATTERN = /^[\p{L}\p{N}_.()-]{0,89}[\p{L}\p{N}_()-]$/u;

/** Ours: a location is a name here, and a part of the account's host name. */
export const LOCATION_PATTERN = /^[a-z0-9]{1,32}$/;

export const TAGS_MAX = 50;
export const TAG_NAME_MAX_CHARACTERS = 512;
export const TAG_VALUE_MAX_CHARACTERS = 256;
export const TAG_NAME_FORBIDDEN = /[<>%&\\?/]/;

/** The largest body of a request. Ours: Resource Manager takes four megabytes of a template, and there are none here; so many would hold up everybody. */
export const BODY_MAX_BYTES = 1024 * 1024;

/**
 * Batch accounts of a subscription in one location: what Azure raises its default of 1 to 3 to, on request. `--accounts-per-location` sets
 * another. Source: "Batch service quotas and limits".
 */
export const ACCOUNTS_PER_LOCATION_MAX = 50;

/** Per account; Azure raises its defaults to these on request. They are shown, and not enforced: the machine is the limit here. */
export const CORE_QUOTA = 10_000;
export const POOL_QUOTA = 500;
export const ACTIVE_JOB_AND_JOB_SCHEDULE_QUOTA = 1_000;

/** Of an application's name and of a package's version. Source: API description, "ApplicationName", "VersionName". */
export const APPLICATION_NAME_PATTERN = /^[a-zA-Z0-9_-]{1,64}$/;
export const APPLICATION_VERSION_PATTERN = /^[a-zA-Z0-9_-][a-zA-Z0-9_.-]{0,63}$/;
/** Ours: Azure's page names none. */
export const APPLICATION_DISPLAY_NAME_MAX_CHARACTERS = 1_024;
/** Source: "Batch service quotas and limits", section "Other limits". */
export const APPLICATIONS_PER_ACCOUNT_MAX = 200;
export const PACKAGES_PER_APPLICATION_MAX = 40;

/** Rules of a network profile. Ours. */
export const IP_RULES_MAX = 200;
