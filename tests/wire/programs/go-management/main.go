// Manages a resource group, a Batch account and what is in it, an identity and roles with Azure's management modules. Knows nothing of
// Batchyard. Prints what came of each call as one JSON line.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/authorization/armauthorization/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/batch/armbatch/v2"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/msi/armmsi"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
)

const group, account, place = "go", "goaccount", "westeurope"

var (
	ctx  = context.Background()
	seen = map[string]string{}
)

// Notes what came of a call: what was right, or the error's status and code.
func note[T any](name string, value T, err error, right ...bool) T {
	seen[name] = "ok"
	var refused *azcore.ResponseError
	switch {
	case errors.As(err, &refused):
		seen[name] = fmt.Sprintf("%d %s", refused.StatusCode, refused.ErrorCode)
	case err != nil:
		seen[name] = err.Error()
	}
	for _, is := range right {
		if !is {
			seen[name] = "wrong"
		}
	}
	return value
}

func done[T any](name string, poller *runtime.Poller[T], err error) (value T) {
	if err == nil {
		value, err = poller.PollUntilDone(ctx, &runtime.PollUntilDoneOptions{Frequency: time.Second})
	}
	return note(name, value, err)
}

func count[T any](name string, pager *runtime.Pager[T], size func(T) int) int {
	total := 0
	for pager.More() {
		page, err := pager.NextPage(ctx)
		note(name, page, err)
		if err != nil {
			return total
		}
		total += size(page)
	}
	return total
}

func main() {
	subscription := os.Getenv("AZURE_SUBSCRIPTION_ID")
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	note("credential", credential, err)
	options := &arm.ClientOptions{}

	resources, _ := armresources.NewClientFactory(subscription, credential, options)
	groups := resources.NewResourceGroupsClient()
	made, err := groups.CreateOrUpdate(ctx, group, armresources.ResourceGroup{Location: to.Ptr(place)}, nil)
	note("ResourceGroups.CreateOrUpdate", made, err)
	exists, err := groups.CheckExistence(ctx, group, nil)
	note("ResourceGroups.CheckExistence", exists, err, exists.Success)
	provider, err := resources.NewProvidersClient().Register(ctx, "Microsoft.Batch", nil)
	note("Providers.Register", provider, err)

	identities, _ := armmsi.NewUserAssignedIdentitiesClient(subscription, credential, options)
	identity, err := identities.CreateOrUpdate(ctx, group, "reader", armmsi.Identity{Location: to.Ptr(place)}, nil)
	note("UserAssignedIdentities.CreateOrUpdate", identity, err, err == nil && identity.Properties.PrincipalID != nil)

	batch, _ := armbatch.NewClientFactory(subscription, credential, options)
	accounts := batch.NewAccountClient()
	created, err := accounts.BeginCreate(ctx, group, account, armbatch.AccountCreateParameters{Location: to.Ptr(place)}, nil)
	done("Account.Create", created, err)
	got, err := accounts.Get(ctx, group, account, nil)
	note("Account.Get", got, err, err == nil && *got.Properties.ProvisioningState == armbatch.ProvisioningStateSucceeded)
	updated, err := accounts.Update(ctx, group, account, armbatch.AccountUpdateParameters{Tags: map[string]*string{"b": to.Ptr("2")}}, nil)
	note("Account.Update", updated, err, err == nil && *updated.Tags["b"] == "2")
	keys, err := accounts.GetKeys(ctx, group, account, nil)
	note("Account.GetKeys", keys, err)
	again, err := accounts.RegenerateKey(ctx, group, account, armbatch.AccountRegenerateKeyParameters{KeyName: to.Ptr(armbatch.AccountKeyTypePrimary)}, nil)
	note("Account.RegenerateKey", again, err, err == nil && *again.Primary != *keys.Primary)
	count("Account.ListByResourceGroup", accounts.NewListByResourceGroupPager(group, nil),
		func(page armbatch.AccountClientListByResourceGroupResponse) int { return len(page.Value) })
	detectors := accounts.NewListDetectorsPager(group, account, nil)
	count("Account.ListDetectors", detectors, func(page armbatch.AccountClientListDetectorsResponse) int { return len(page.Value) })
	quotas, err := batch.NewLocationClient().GetQuotas(ctx, place, nil)
	note("Location.GetQuotas", quotas, err)

	applications := batch.NewApplicationClient()
	application, err := applications.Create(ctx, group, account, "solver", &armbatch.ApplicationClientCreateOptions{
		Parameters: &armbatch.Application{Properties: &armbatch.ApplicationProperties{DisplayName: to.Ptr("Solver")}},
	})
	note("Application.Create", application, err, err == nil && *application.Properties.DisplayName == "Solver")
	none, err := batch.NewApplicationPackageClient().Get(ctx, group, account, "solver", "1", nil)
	note("ApplicationPackage.Get, none", none, err)

	pools := batch.NewPoolClient()
	pool := armbatch.Pool{
		Identity: &armbatch.PoolIdentity{
			Type:                   to.Ptr(armbatch.PoolIdentityTypeUserAssigned),
			UserAssignedIdentities: map[string]*armbatch.UserAssignedIdentities{*identity.ID: {}},
		},
		Properties: &armbatch.PoolProperties{
			VMSize: to.Ptr("STANDARD_D2S_V3"),
			DeploymentConfiguration: &armbatch.DeploymentConfiguration{VirtualMachineConfiguration: &armbatch.VirtualMachineConfiguration{
				ImageReference: &armbatch.ImageReference{Publisher: to.Ptr("debian"), Offer: to.Ptr("debian-12"), SKU: to.Ptr("12")},
				NodeAgentSKUID: to.Ptr("batch.node.debian 12"),
			}},
			ScaleSettings: &armbatch.ScaleSettings{FixedScale: &armbatch.FixedScaleSettings{TargetDedicatedNodes: to.Ptr[int32](0)}},
		},
	}
	added, err := pools.Create(ctx, group, account, "p", pool, nil)
	note("Pool.Create", added, err, err == nil && len(added.Identity.UserAssignedIdentities) == 1)
	formula := armbatch.PoolProperties{ScaleSettings: &armbatch.ScaleSettings{
		AutoScale: &armbatch.AutoScaleSettings{Formula: to.Ptr("$TargetDedicatedNodes=0;")},
	}}
	scaled, err := pools.Update(ctx, group, account, "p", armbatch.Pool{Properties: &formula}, nil)
	note("Pool.Update", scaled, err)
	unscaled, err := pools.DisableAutoScale(ctx, group, account, "p", nil)
	note("Pool.DisableAutoScale", unscaled, err)
	stopped, err := pools.StopResize(ctx, group, account, "p", nil)
	note("Pool.StopResize", stopped, err)
	count("Pool.ListByBatchAccount", pools.NewListByBatchAccountPager(group, account, nil),
		func(page armbatch.PoolClientListByBatchAccountResponse) int { return len(page.Value) })

	roles(subscription, credential, options, *got.ID, *identity.Properties.PrincipalID)

	removed, err := pools.BeginDelete(ctx, group, account, "p", nil)
	done("Pool.Delete", removed, err)
	gone, err := applications.Delete(ctx, group, account, "solver", nil)
	note("Application.Delete", gone, err)
	closed, err := accounts.BeginDelete(ctx, group, account, nil)
	done("Account.Delete", closed, err)
	missing, err := accounts.Get(ctx, group, account, nil)
	note("Account.Get, gone", missing, err)
	without, err := groups.BeginDelete(ctx, group, nil)
	done("ResourceGroups.Delete", without, err)
	line, _ := json.Marshal(seen)
	fmt.Println(string(line))
}

func roles(subscription string, credential azcore.TokenCredential, options *arm.ClientOptions, scope, principal string) {
	at := "/subscriptions/" + subscription
	definitions, _ := armauthorization.NewRoleDefinitionsClient(credential, options)
	assignments, _ := armauthorization.NewRoleAssignmentsClient(subscription, credential, options)
	const id, name = "33333333-0000-4000-8000-000000000001", "33333333-0000-4000-8000-000000000002"
	role, err := definitions.CreateOrUpdate(ctx, at, id, armauthorization.RoleDefinition{Properties: &armauthorization.RoleDefinitionProperties{
		RoleName:         to.Ptr("Go submitter"),
		RoleType:         to.Ptr("CustomRole"),
		AssignableScopes: []*string{to.Ptr(at)},
		Permissions:      []*armauthorization.Permission{{DataActions: []*string{to.Ptr("Microsoft.Batch/batchAccounts/jobs/*")}}},
	}}, nil)
	note("RoleDefinitions.CreateOrUpdate", role, err)
	assignment, err := assignments.Create(ctx, scope, name, armauthorization.RoleAssignmentCreateParameters{
		Properties: &armauthorization.RoleAssignmentProperties{
			PrincipalID: to.Ptr(principal), RoleDefinitionID: role.ID,
			PrincipalType: to.Ptr(armauthorization.PrincipalTypeServicePrincipal),
		},
	}, nil)
	note("RoleAssignments.Create", assignment, err)
	count("RoleAssignments.ListForScope", assignments.NewListForScopePager(scope, &armauthorization.RoleAssignmentsClientListForScopeOptions{Filter: to.Ptr("atScope()")}),
		func(page armauthorization.RoleAssignmentsClientListForScopeResponse) int { return len(page.Value) })
	taken, err := assignments.Delete(ctx, scope, name, nil)
	note("RoleAssignments.Delete", taken, err)
	dropped, err := definitions.Delete(ctx, at, id, nil)
	note("RoleDefinitions.Delete", dropped, err)
}
