/** The tables of the directory: tenants, and what is in them. */
import type { Generated } from "kysely";

export interface DirectorySchema {
  tenant: { id: string; display_name: string; default_domain: string };
  tenant_domain: { domain: string; tenant_id: string };
  application: {
    app_id: string;
    object_id: string;
    tenant_id: string;
    display_name: string;
    sign_in_audience: string;
    /** `Registration` of app/directory. */
    registration: string;
    created_at: number;
  };
  /** Lower-case. */
  application_identifier_uri: { uri: string; app_id: string };
  application_certificate: {
    key_id: string;
    app_id: string;
    display_name: string | null;
    /** DER, base64. */
    certificate: string;
    /** Both base64url without padding, as `x5t` and `x5t#S256` carry them. */
    thumbprint_sha1: string;
    thumbprint_sha256: string;
    start_at: number;
    end_at: number;
  };
  federated_credential: {
    id: string;
    app_id: string;
    name: string;
    description: string | null;
    issuer: string;
    subject: string;
    audience: string;
  };
  application_secret: {
    key_id: string;
    app_id: string;
    /** SHA-256 of the secret, hex: generated secrets have 256 random bits, so no slow hash is needed. */
    hash: string;
    hint: string;
    display_name: string | null;
    start_at: number;
    end_at: number | null;
  };
  service_principal: {
    object_id: string;
    tenant_id: string;
    app_id: string;
    display_name: string;
    enabled: number;
    created_at: number;
    /** 1: only who holds an app role of it may sign in to it. */
    assignment_required: number;
    /** Kept properties, JSON by their names in Graph. */
    profile: Generated<string>;
  };
  user: {
    object_id: string;
    tenant_id: string;
    user_principal_name: string;
    display_name: string;
    /** scrypt, with its parameters and salt. */
    password: string;
    enabled: number;
    created_at: number;
    /** `UserProfile` of app/directory. */
    profile: string;
    failed_sign_ins: number;
    locked_until: number;
    sessions_valid_from: number;
  };
  group: {
    object_id: string;
    tenant_id: string;
    display_name: string;
    description: string | null;
    mail_nickname: string;
    created_at: number;
  };
  /** `member_type` is `User`, `Group` or `ServicePrincipal`. */
  group_member: { group_id: string; member_id: string; member_type: string };
  /** Consent: Graph's oauth2PermissionGrant. `client_id` and `resource_id` are service principals' object ids. */
  delegated_grant: {
    id: string;
    tenant_id: string;
    client_id: string;
    resource_id: string;
    /** Null: for all users of the tenant. */
    principal_id: string | null;
    /** Values separated by a space. */
    scope: string;
    created_at: number;
  };
  app_role_assignment: {
    id: string;
    tenant_id: string;
    principal_id: string;
    principal_type: string;
    resource_id: string;
    app_role_id: string;
    created_at: number;
  };
  directory_role_member: {
    tenant_id: string;
    role_template_id: string;
    principal_id: string;
    principal_type: string;
  };
  /** Of a directory, still to be restored. `type` and `document` are app/directory's. */
  deleted_object: {
    object_id: string;
    tenant_id: string;
    type: string;
    deleted_at: number;
    document: string;
  };
  /** Relations of which one end is a deleted object. */
  deleted_group_member: DirectorySchema["group_member"];
  deleted_delegated_grant: DirectorySchema["delegated_grant"];
  deleted_app_role_assignment: DirectorySchema["app_role_assignment"];
  deleted_directory_role_member: DirectorySchema["directory_role_member"];
}
