"""The directory by msgraph-sdk, call by call; prints what came of each. Knows nothing of Batchyard.

As the application that a first start makes; a call that fails does not stop the tour.
"""
import asyncio
import json
import os
import uuid

from azure.identity import ClientSecretCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder as Applications
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.directory_objects.get_by_ids.get_by_ids_post_request_body import GetByIdsPostRequestBody
from msgraph.generated.groups.item.members.members_request_builder import MembersRequestBuilder as Members
from msgraph.generated.models.api_application import ApiApplication
from msgraph.generated.models.app_role import AppRole
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import FederatedIdentityCredential
from msgraph.generated.models.group import Group
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.user import User
from msgraph.generated.models.web_application import WebApplication
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder as ServicePrincipals,
)
from msgraph.generated.users.item.get_member_groups.get_member_groups_post_request_body import (
    GetMemberGroupsPostRequestBody,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder as Users

graph = GraphServiceClient(
    ClientSecretCredential(os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]),
    ["https://graph.microsoft.com/.default"],
)
OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects/"
seen = {}


async def call(name, request, right=lambda result: True):
    try:
        result = await request
        seen[name] = "ok" if right(result) else f"wrong: {result}"
        return result
    except APIError as error:
        inner = getattr(error, "error", None)
        seen[name] = f"{error.response_status_code} {getattr(inner, 'code', '')}"
    except Exception as error:
        seen[name] = f"{type(error).__name__}: {error}"
    return None


def asking(builder, **parameters):
    """A configuration with query parameters, and the header that advanced queries need."""
    kind = getattr(builder, f"{builder.__name__}GetQueryParameters")
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    return RequestConfiguration(query_parameters=kind(**parameters), headers=headers)


async def applications():
    wish = Application(
        display_name="Tour",
        description="Made on a tour",
        notes="by msgraph-sdk",
        tags=["tour"],
        sign_in_audience="AzureADMyOrg",
        web=WebApplication(redirect_uris=["https://tour.example/signin"], home_page_url="https://tour.example"),
        api=ApiApplication(requested_access_token_version=2),
        app_roles=[
            AppRole(
                id=uuid.uuid4(),
                value="Submit",
                display_name="Submitters",
                description="Submit jobs",
                is_enabled=True,
                allowed_member_types=["Application", "User"],
            )
        ],
    )
    made = await call("applications.post", graph.applications.post(wish), lambda it: it.app_id and it.web.home_page_url)
    item = graph.applications.by_application_id(made.id)
    await call("applications.get", graph.applications.get(), lambda it: made.id in [each.id for each in it.value])
    query = asking(Applications, filter=f"appId eq '{made.app_id}'", select=["id", "displayName"], count=True)
    await call("applications.get $filter $select $count", graph.applications.get(query), lambda it: it.odata_count == 1)
    query = asking(Applications, search='"displayName:Tour"', orderby=["displayName"])
    await call("applications.get $search $orderby", graph.applications.get(query), lambda it: len(it.value) == 1)
    await call("applications.count.get", graph.applications.count.get(asking(Applications)), lambda it: it >= 1)
    await call("applications.delta.get", graph.applications.delta.get(), lambda it: it.odata_delta_link)
    await call("application.get", item.get(), lambda it: it.notes == "by msgraph-sdk")
    await call("application.patch", item.patch(Application(display_name="Tour again")))
    secret = await call(
        "application.add_password.post",
        item.add_password.post(AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="one"))),
        lambda it: it.secret_text,
    )
    await call(
        "application.remove_password.post",
        item.remove_password.post(RemovePasswordPostRequestBody(key_id=secret.key_id)),
    )
    wish = FederatedIdentityCredential(
        name="ci-main", issuer="https://ci.example", subject="repo:tour", audiences=["api://AzureADTokenExchange"]
    )
    credentials = item.federated_identity_credentials
    credential = await call("federated_identity_credentials.post", credentials.post(wish), lambda it: it.id)
    await call("federated_identity_credentials.get", credentials.get(), lambda it: len(it.value) == 1)
    one = credentials.by_federated_identity_credential_id(credential.id)
    await call("federated_identity_credential.patch", one.patch(FederatedIdentityCredential(subject="repo:other")))
    await call("federated_identity_credential.get", one.get(), lambda it: it.subject == "repo:other")
    await call("federated_identity_credential.delete", one.delete())
    return made, item


async def principals(application):
    made = await call(
        "service_principals.post",
        graph.service_principals.post(
            ServicePrincipal(app_id=application.app_id, notes="of a tour", tags=["WindowsAzureActiveDirectoryIntegratedApp"])
        ),
        lambda it: it.notes == "of a tour" and it.tags == ["WindowsAzureActiveDirectoryIntegratedApp"],
    )
    item = graph.service_principals.by_service_principal_id(made.id)
    await call("service_principal.get", item.get(), lambda it: it.service_principal_type == "Application")
    query = asking(ServicePrincipals, filter=f"appId eq '{application.app_id}'", expand=["owners"])
    await call("service_principals.get $expand", graph.service_principals.get(query), lambda it: it.value[0].owners == [])
    await call("service_principal.patch", item.patch(ServicePrincipal(app_role_assignment_required=True, notes="changed")))
    await call("service_principal.get again", item.get(), lambda it: it.notes == "changed" and it.app_role_assignment_required)
    return made, item


async def people(application, principal):
    domains = await call("domains.get", graph.domains.get(), lambda it: it.value[0].id)
    await call("organization.get", graph.organization.get(), lambda it: it.value[0].id)
    name = f"tourist@{domains.value[0].id}"
    wish = User(
        account_enabled=True,
        display_name="Tourist",
        mail_nickname="tourist",
        user_principal_name=name,
        password_profile=PasswordProfile(password="Tour-0f-all!", force_change_password_next_sign_in=False),
        business_phones=["+49 30 1"],
        city="Berlin",
        job_title="Tourist",
    )
    user = await call("users.post", graph.users.post(wish), lambda it: it.city is None or it.city == "Berlin")
    item = graph.users.by_user_id(user.id)
    query = asking(Users, select=["id", "city", "businessPhones"], filter=f"userPrincipalName eq '{name}'")
    await call(
        "users.get $select",
        graph.users.get(query),
        lambda it: (it.value[0].city, it.value[0].business_phones) == ("Berlin", ["+49 30 1"]),
    )
    await call("users.count.get", graph.users.count.get(asking(Users)), lambda it: it >= 1)
    await call("user.patch", item.patch(User(job_title="Guide")))
    await call("user.get", item.get(), lambda it: it.job_title == "Guide")
    wish = Group(display_name="Tour group", mail_nickname="tour", mail_enabled=False, security_enabled=True)
    group = await call("groups.post", graph.groups.post(wish), lambda it: it.id)
    of_group = graph.groups.by_group_id(group.id)
    for member in (user.id, principal.id):
        await call("group.members.ref.post", of_group.members.ref.post(ReferenceCreate(odata_id=OBJECTS + member)))
    await call("group.owners.ref.post", of_group.owners.ref.post(ReferenceCreate(odata_id=OBJECTS + user.id)))
    await call("group.members.get", of_group.members.get(), lambda it: len(it.value) == 2)
    await call("group.members.graph_user.get", of_group.members.graph_user.get(), lambda it: len(it.value) == 1)
    await call("group.members.count.get", of_group.members.count.get(asking(Members)), lambda it: it == 2)
    await call("group.owners.get", of_group.owners.get(), lambda it: it.value[0].id == user.id)
    await call("user.member_of.get", item.member_of.get(), lambda it: it.value[0].id == group.id)
    asked = GetMemberGroupsPostRequestBody(security_enabled_only=True)
    await call("user.get_member_groups.post", item.get_member_groups.post(asked), lambda it: it.value == [group.id])
    ids = GetByIdsPostRequestBody(ids=[user.id, group.id], types=["user", "group"])
    await call("directory_objects.get_by_ids.post", graph.directory_objects.get_by_ids.post(ids), lambda it: len(it.value) == 2)
    await call("directory_roles.get", graph.directory_roles.get(), lambda it: it.value)
    grant = AppRoleAssignment(
        principal_id=uuid.UUID(user.id), resource_id=uuid.UUID(principal.id), app_role_id=application.app_roles[0].id
    )
    given = await call("user.app_role_assignments.post", item.app_role_assignments.post(grant), lambda it: it.id)
    await call("user.app_role_assignments.get", item.app_role_assignments.get(), lambda it: len(it.value) == 1)
    one = item.app_role_assignments.by_app_role_assignment_id(given.id)
    await call("user.app_role_assignment.delete", one.delete())
    await call("group.members.ref.delete", of_group.members.by_directory_object_id(user.id).ref.delete())
    await call("group.delete", of_group.delete())
    await call("user.delete", item.delete())
    await call("user.get, gone", item.get())


async def main():
    made, item = await applications()
    principal, of_principal = await principals(made)
    await people(made, principal)
    await call("application.owners.get", item.owners.get(), lambda it: it.value == [])
    await call("service_principal.delete", of_principal.delete())
    await call("application.delete", item.delete())
    deleted = graph.directory.deleted_items
    kept = lambda it: [one.id for one in it.value] == [made.id]
    await call("deleted_items.graph_application.get", deleted.graph_application.get(), kept)
    one = deleted.by_directory_object_id(made.id)
    await call("deleted_items.get", one.get(), lambda it: it.id == made.id and it.deleted_date_time is not None)
    await call("deleted_items.restore", one.restore.post(), lambda it: it.id == made.id)
    await call("application.get, restored", item.get(), lambda it: it.deleted_date_time is None)
    await call("application.delete, again", item.delete())
    await call("deleted_items.delete", one.delete())
    await call("deleted_items.graph_application.get, none", deleted.graph_application.get(), lambda it: it.value == [])
    print(json.dumps(seen))


asyncio.run(main())
