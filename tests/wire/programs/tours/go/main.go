// Calls methods of a Batch client library as it is told to, one a line of stdin, and says what came of each. Knows nothing of Batchyard. The
// lines are those of caller.py.
//
//	caller azbatch|autorest
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/batch/azbatch"
	old "github.com/Azure/azure-sdk-for-go/services/batch/2020-09-01.12.0/batch"
	"github.com/Azure/go-autorest/autorest"
)

type line struct {
	Method string
	Path   []string
	Body   json.RawMessage
}

type token string

func (t token) OAuthToken() string { return string(t) }

func (t token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(t), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// Halves of methods, and what is no operation.
var others = regexp.MustCompile(`(Preparer|Sender|Responder|Complete)$|^(AddToUserAgent|Do|Send|ByInspecting|ByChecking|UserAgent|WithInspection)`)

func methods() map[string]reflect.Value {
	url, bearer := os.Getenv("AZURE_BATCH_ENDPOINT"), token(os.Getenv("TOUR_TOKEN"))
	found := map[string]reflect.Value{}
	add := func(prefix string, client reflect.Value) {
		for index := range client.NumMethod() {
			if name := client.Type().Method(index).Name; !others.MatchString(name) && client.Method(index).Type().NumIn() > 0 {
				found[prefix+name] = client.Method(index)
			}
		}
	}
	if os.Args[1] == "azbatch" {
		client, err := azbatch.NewClient(url, bearer, &azbatch.ClientOptions{})
		if err != nil {
			panic(err)
		}
		add("", reflect.ValueOf(client))
		return found
	}
	base := old.New(url)
	base.Authorizer = autorest.NewBearerAuthorizer(bearer)
	for _, client := range []any{
		old.AccountClient{BaseClient: base}, old.ApplicationClient{BaseClient: base}, old.CertificateClient{BaseClient: base},
		old.ComputeNodeClient{BaseClient: base}, old.FileClient{BaseClient: base}, old.JobClient{BaseClient: base},
		old.JobScheduleClient{BaseClient: base}, old.PoolClient{BaseClient: base}, old.TaskClient{BaseClient: base},
	} {
		value := reflect.ValueOf(client)
		add(value.Type().Name()+".", value)
	}
	return found
}

// The path's words come first, then the body, where the method takes one; all else is left at nothing.
func arguments(method reflect.Type, told line) ([]reflect.Value, error) {
	path, body := told.Path, told.Body
	var given []reflect.Value
	for index := range method.NumIn() {
		kind := method.In(index)
		switch {
		case index == 0 && kind.Kind() == reflect.Interface:
			given = append(given, reflect.ValueOf(context.Background()))
		case kind.Kind() == reflect.String && len(path) > 0:
			given = append(given, reflect.ValueOf(path[0]).Convert(kind))
			path = path[1:]
		case body != nil && len(path) == 0:
			value := reflect.New(kind)
			if err := json.Unmarshal(body, value.Interface()); err != nil {
				return nil, err
			}
			given, body = append(given, value.Elem()), nil
		default:
			given = append(given, reflect.Zero(kind))
		}
	}
	return given, nil
}

func call(method reflect.Value, told line) error {
	given, err := arguments(method.Type(), told)
	if err != nil {
		return err
	}
	results := method.Call(given)
	if next := results[0].MethodByName("NextPage"); next.IsValid() && len(results) == 1 {
		results = next.Call([]reflect.Value{reflect.ValueOf(context.Background())})
	}
	err, _ = results[len(results)-1].Interface().(error)
	return err
}

func outcome(err error) any {
	var refused *azcore.ResponseError
	var detailed autorest.DetailedError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &refused):
		return []any{refused.StatusCode, refused.ErrorCode}
	case errors.As(err, &detailed) && detailed.StatusCode == 200:
		return "its own reader: " + regexp.MustCompile(`cannot unmarshal [^']*`).FindString(err.Error())
	case errors.As(err, &detailed) && detailed.StatusCode != nil:
		// The library looks for another service's errors, and keeps the text.
		code := regexp.MustCompile(`\\"code\\":\\"(\w+)`).FindStringSubmatch(err.Error())
		return []any{detailed.StatusCode, code[1]}
	}
	return err.Error()
}

func main() {
	found := methods()
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	print := json.NewEncoder(os.Stdout).Encode
	print(names)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var told line
		if err := json.Unmarshal(lines.Bytes(), &told); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		print(outcome(call(found[told.Method], told)))
	}
}
