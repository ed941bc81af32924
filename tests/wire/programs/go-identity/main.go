// Signs in with azidentity, and asks the Batch service. Knows nothing of Batchyard. Prints how to sign a device in, and at the end what
// it saw as one JSON line.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

var scope = policy.TokenRequestOptions{Scopes: []string{"https://batch.core.windows.net//.default"}}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// The token's audience, whose it is, how the application proved itself, and what the service answers.
func told(credential azcore.TokenCredential) []any {
	token := must(credential.GetToken(context.Background(), scope)).Token
	var claims struct{ Aud, Upn, Appidacr string }
	payload := must(base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1]))
	if err := json.Unmarshal(payload, &claims); err != nil {
		panic(err)
	}
	url := os.Getenv("AZURE_BATCH_ENDPOINT") + "/jobs?api-version=2024-07-01.20.0"
	request := must(http.NewRequest("GET", url, nil))
	request.Header.Set("Authorization", "Bearer "+token)
	reply := must(http.DefaultClient.Do(request))
	return []any{claims.Aud, claims.Upn, claims.Appidacr, reply.StatusCode}
}

func main() {
	tenant, client := os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID")
	secret := must(azidentity.NewClientSecretCredential(tenant, client, os.Getenv("AZURE_CLIENT_SECRET"), nil))
	wrong := must(azidentity.NewClientSecretCredential(tenant, client, "wrong", nil))
	_, err := wrong.GetToken(context.Background(), scope)
	certificates, key, readErr := azidentity.ParseCertificates(must(os.ReadFile(os.Getenv("SIGN_IN_CERTIFICATE"))), nil)
	must(0, readErr)
	device := must(azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		TenantID: tenant,
		UserPrompt: func(_ context.Context, message azidentity.DeviceCodeMessage) error {
			fmt.Println(message.Message)
			return nil
		},
	}))
	seen := map[string]any{
		"secret":      told(secret),
		"certificate": told(must(azidentity.NewClientCertificateCredential(tenant, client, certificates, key, nil))),
		"default":     told(must(azidentity.NewDefaultAzureCredential(nil))),
		"device":      told(device),
		"refused":     regexp.MustCompile(`AADSTS\d+`).FindString(err.Error()),
	}
	fmt.Println(string(must(json.Marshal(seen))))
}
