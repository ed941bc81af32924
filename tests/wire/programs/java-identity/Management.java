// Manages a Batch account and what is in it with azure-resourcemanager-batch. Knows nothing of Batchyard. Prints what came of each call as one
// JSON line.

import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.core.util.Context;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.resourcemanager.batch.BatchManager;
import com.azure.resourcemanager.batch.models.AccountKeyType;
import com.azure.resourcemanager.batch.models.AutoScaleSettings;
import com.azure.resourcemanager.batch.models.BatchAccountRegenerateKeyParameters;
import com.azure.resourcemanager.batch.models.DeploymentConfiguration;
import com.azure.resourcemanager.batch.models.FixedScaleSettings;
import com.azure.resourcemanager.batch.models.ImageReference;
import com.azure.resourcemanager.batch.models.ScaleSettings;
import com.azure.resourcemanager.batch.models.VirtualMachineConfiguration;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

public final class Management {
    private static final Map<String, String> SEEN = new LinkedHashMap<>();

    private static <T> T note(String name, Callable<T> call) throws Exception {
        try {
            T value = call.call();
            SEEN.put(name, Boolean.FALSE.equals(value) ? "wrong" : "ok");
            return value;
        } catch (ManagementException error) {
            SEEN.put(name, error.getResponse().getStatusCode() + " " + error.getValue().getCode());
            return null;
        }
    }

    private static void run(String name, Runnable call) throws Exception {
        note(name, () -> {
            call.run();
            return true;
        });
    }

    public static void main(String[] words) throws Exception {
        String group = words[0];
        String account = "javaaccount";
        BatchManager batch = BatchManager.authenticate(
            new DefaultAzureCredentialBuilder().build(), new AzureProfile(AzureEnvironment.AZURE));
        var accounts = batch.batchAccounts();
        note("location.checkNameAvailability", () -> batch.locations().checkNameAvailability("westeurope",
            new com.azure.resourcemanager.batch.models.CheckNameAvailabilityParameters().withName(account)).nameAvailable());
        note("batchAccounts.create", () -> accounts.define(account).withRegion("westeurope")
            .withExistingResourceGroup(group).withTags(Map.of("a", "1")).create());
        var made = note("batchAccounts.get", () -> accounts.getByResourceGroup(group, account));
        note("batchAccounts.update", () -> "2".equals(made.update().withTags(Map.of("b", "2")).apply().tags().get("b")));
        var keys = note("batchAccounts.getKeys", () -> accounts.getKeys(group, account));
        note("batchAccounts.regenerateKey", () -> !accounts.regenerateKeyWithResponse(group, account,
            new BatchAccountRegenerateKeyParameters().withKeyName(AccountKeyType.PRIMARY), Context.NONE)
            .getValue().primary().equals(keys.primary()));
        note("batchAccounts.listByResourceGroup",
            () -> accounts.listByResourceGroup(group).stream().anyMatch(each -> each.name().equals(account)));
        note("location.getQuotas", () -> batch.locations().getQuotas("westeurope").accountQuota() > 0);
        note("operations.list", () -> batch.operations().list().stream().count() > 10);
        var application = note("applications.create", () -> batch.applications().define("solver")
            .withExistingBatchAccount(group, account).withDisplayName("Solver").create());
        note("applications.update", () -> application.update().withAllowUpdates(false).apply().allowUpdates() == false);
        note("applicationPackages.get, none", () -> batch.applicationPackages().get(group, account, "solver", "1"));
        var machine = new VirtualMachineConfiguration().withNodeAgentSkuId("batch.node.debian 12")
            .withImageReference(new ImageReference().withPublisher("debian").withOffer("debian-12").withSku("12"));
        var pool = note("pools.create", () -> batch.pools().define("p").withExistingBatchAccount(group, account)
            .withVmSize("STANDARD_D2S_V3")
            .withDeploymentConfiguration(new DeploymentConfiguration().withVirtualMachineConfiguration(machine))
            .withScaleSettings(new ScaleSettings().withFixedScale(new FixedScaleSettings().withTargetDedicatedNodes(0)))
            .create());
        note("pools.update", () -> pool.update().withScaleSettings(new ScaleSettings()
            .withAutoScale(new AutoScaleSettings().withFormula("$TargetDedicatedNodes=0;"))).apply());
        note("pools.disableAutoScale", () -> batch.pools().disableAutoScale(group, account, "p"));
        note("pools.listByBatchAccount", () -> batch.pools().listByBatchAccount(group, account).stream().count() == 1);
        run("pools.delete", () -> batch.pools().delete(group, account, "p"));
        run("applications.delete", () -> batch.applications().delete(group, account, "solver"));
        run("batchAccounts.delete", () -> accounts.deleteByResourceGroup(group, account));
        note("batchAccounts.get, gone", () -> accounts.getByResourceGroup(group, account));
        System.out.println(new ObjectMapper().writeValueAsString(SEEN));
        System.exit(0);
    }
}
