// Signs in with azure-identity and, as the documents' older programs do, with ADAL, and asks the Batch service through its own
// client. Knows nothing of Batchyard. Prints how to sign a device in, and at the end what it saw as one JSON line.

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.DeviceCodeCredentialBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.batch.BatchClient;
import com.microsoft.azure.batch.auth.BatchApplicationTokenCredentials;
import com.microsoft.azure.batch.auth.BatchCredentials;
import com.microsoft.azure.batch.protocol.models.BatchErrorException;
import com.microsoft.rest.credentials.TokenCredentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.Request;

public final class SignIn {
    private static final String BATCH = "https://batch.core.windows.net/";
    private static final String LOGIN = "https://login.microsoftonline.com/";
    private static final String TENANT = System.getenv("AZURE_TENANT_ID");
    private static final String CLIENT = System.getenv("AZURE_CLIENT_ID");
    private static final String SECRET = System.getenv("AZURE_CLIENT_SECRET");
    private static final String ACCOUNT = System.getenv("AZURE_BATCH_ENDPOINT");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A token of azure-identity for the Batch client, which is older than azure-identity. */
    private static final class BatchTokens extends TokenCredentials implements BatchCredentials {
        private final TokenCredential credential;
        private final String scope;

        BatchTokens(TokenCredential credential, String scope) {
            super("Bearer", null);
            this.credential = credential;
            this.scope = scope;
        }

        @Override
        public String baseUrl() {
            return ACCOUNT;
        }

        @Override
        public String getToken(Request request) {
            return credential.getTokenSync(new TokenRequestContext().addScopes(scope)).getToken();
        }
    }

    /** The token's audience, whose it is, how the application proved itself, and the jobs that the account lists. */
    private static List<Object> told(TokenCredential credential) throws IOException {
        BatchTokens tokens = new BatchTokens(credential, BATCH + "/.default");
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(tokens.getToken(null).split("\\.")[1]));
        List<Object> seen = new ArrayList<>();
        seen.add(claims.get("aud").asText());
        seen.add(claims.has("upn") ? claims.get("upn").asText() : null);
        seen.add(claims.get("appidacr").asText());
        seen.add(jobs(tokens));
        return seen;
    }

    private static int jobs(BatchCredentials credentials) throws IOException {
        return BatchClient.open(credentials).jobOperations().listJobs().size();
    }

    private static String codeOf(Throwable error) {
        var code = Pattern.compile("AADSTS\\d+").matcher(String.valueOf(error));
        return code.find() ? code.group() : String.valueOf(error);
    }

    public static void main(String[] words) throws Exception {
        var secret = new ClientSecretCredentialBuilder().tenantId(TENANT).clientId(CLIENT);
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("secret", told(secret.clientSecret(SECRET).build()));
        seen.put("certificate", told(new ClientCertificateCredentialBuilder()
            .tenantId(TENANT).clientId(CLIENT).pemCertificate(System.getenv("SIGN_IN_CERTIFICATE")).build()));
        seen.put("certificate chain", told(new ClientCertificateCredentialBuilder().sendCertificateChain(true)
            .tenantId(TENANT).clientId(CLIENT).pemCertificate(System.getenv("SIGN_IN_CERTIFICATE")).build()));
        seen.put("default", told(new DefaultAzureCredentialBuilder().build()));
        seen.put("device", told(new DeviceCodeCredentialBuilder()
            .tenantId(TENANT).challengeConsumer(challenge -> System.out.println(challenge.getMessage())).build()));
        seen.put("adal", jobs(new BatchApplicationTokenCredentials(ACCOUNT, CLIENT, SECRET, TENANT, BATCH, LOGIN)));
        try {
            told(secret.clientSecret("wrong").build());
        } catch (RuntimeException error) {
            seen.put("refused", codeOf(error));
        }
        try {
            // Without its last slash the audience is another one.
            jobs(new BatchTokens(secret.clientSecret(SECRET).build(), BATCH + ".default"));
        } catch (BatchErrorException error) {
            seen.put("wrong audience", error.body().code());
        }
        System.out.println(JSON.writeValueAsString(seen));
        System.exit(0);
    }
}
