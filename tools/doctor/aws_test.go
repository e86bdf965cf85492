package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/msur/platform/stacks/settings"
)

// account answers the AWS CLI as an AWS account would, in the formats of the services' APIs.
type account struct {
	// answers are by operation: a body in the service's format, or an error.
	answers map[string]string
	errors  map[string]apiError
	// throttled operations refuse their first call.
	throttled []string

	mutex sync.Mutex
	calls map[string]int
}

// apiError is an error with the status that its service sends.
type apiError struct {
	code   string
	status int
}

// rdsVersion is the version of RDS's API, which a request contains.
const rdsVersion = "2014-10-31"

var denied = apiError{"AccessDenied", http.StatusForbidden}

// complete is an account that has all that the sandbox needs.
func complete(t *testing.T) *account {
	t.Helper()

	const place = "arn:aws:iam::123456789012:role/"

	roles := ""

	var rolesSb45 strings.Builder
	for _, service := range []string{
		"autoscaling", "eks-nodegroup", "eks", "elasticache", "elasticloadbalancing", "rds", "spot",
	} {
		rolesSb45.WriteString("<member><Path>/aws-service-role/" + service + ".amazonaws.com/</Path></member>")
	}

	roles += rolesSb45.String()

	return &account{
		calls: make(map[string]int), errors: make(map[string]apiError),
		answers: map[string]string{
			"GetCallerIdentity": "<Account>123456789012</Account>" +
				"<Arn>arn:aws:sts::123456789012:assumed-role/platform-deploy/me</Arn>",
			"GetRole":   "<Role><Arn>" + place + "platform-deploy</Arn></Role>",
			"ListRoles": "<IsTruncated>false</IsTruncated><Roles>" + roles + "</Roles>",
			"DescribeRegions": "<regionInfo><item><regionName>us-east-1</regionName>" +
				"<optInStatus>opt-in-not-required</optInStatus></item></regionInfo>",
			"DescribeAvailabilityZones": "<availabilityZoneInfo>" +
				"<item><zoneName>us-east-1a</zoneName><zoneState>available</zoneState></item>" +
				"<item><zoneName>us-east-1b</zoneName><zoneState>available</zoneState></item></availabilityZoneInfo>",
			"GetServiceQuota":           `{"Quota": {"Value": 64.0}}`,
			"GetAWSDefaultServiceQuota": `{"Quota": {"Value": 5.0}}`,
			"ListBuckets":               "<Buckets><Bucket><Name>platform-state-20260101</Name></Bucket></Buckets>",
			"DescribeKey":               `{"KeyMetadata": {"KeyId": "1", "KeyState": "Enabled"}}`,
			"DescribeImages":            `{"imageDetails": [{"imageDigest": "sha256:0"}]}`,
			"DescribeAddonVersions":     offered(pinned()),
			"DescribeEngineDefaultParameters": "<EngineDefaults><Parameters>" +
				"<Parameter><ParameterName>wait_timeout</ParameterName></Parameter>" +
				"<Parameter><ParameterName>rds.optimized_writes</ParameterName></Parameter></Parameters></EngineDefaults>",
			"DescribeCertificate": `{"Certificate": {"Status": "ISSUED", ` +
				`"SubjectAlternativeNames": ["*.example.com"]}}`,
		},
	}
}

// pinned are the versions of the essential add-ons for the sandbox's Kubernetes.
func pinned() map[string]string { return settings.Cluster{Version: "1.35"}.AddonVersions() }

// offered is EKS's answer with the versions, and for each one a later version.
func offered(versions map[string]string) string {
	var addons []string

	for name, version := range versions {
		addons = append(addons, fmt.Sprintf(
			`{"addonName": %q, "addonVersions": [{"addonVersion": %q}, {"addonVersion": "v99.0.0-eksbuild.1"}]}`, name, version))
	}

	return `{"addons": [` + strings.Join(addons, ",") + `]}`
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))

	// JSON services name the operation in a header, and query services in the form. The rest is S3.
	_, operation, isJSON := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if r.URL.Path == "/addons/supported-versions" { // a REST service names the operation in the path
		operation, isJSON = "DescribeAddonVersions", true
	}

	if operation = cmp.Or(operation, form.Get("Action")); operation == "" {
		operation = "ListBuckets"
	}

	failure, fails := a.failure(operation)

	switch {
	case fails:
		fail(w, operation, failure, isJSON)
	case operation == "SimulatePrincipalPolicy":
		simulate(w, form, a.answers[operation])
	case isJSON:
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		fmt.Fprint(w, a.answers[operation])
	case operation == "ListBuckets":
		fmt.Fprintf(w, "<ListAllMyBucketsResult>%s</ListAllMyBucketsResult>", a.answers[operation])
	case strings.HasPrefix(operation, "Describe") && form.Get("Version") != rdsVersion: // EC2
		fmt.Fprintf(w, "<%[1]sResponse>%[2]s</%[1]sResponse>", operation, a.answers[operation])
	default:
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", operation, a.answers[operation])
	}
}

// failure counts a call, and returns its error if it fails.
func (a *account) failure(operation string) (apiError, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()

	a.calls[operation]++
	if a.calls[operation] == 1 && slices.Contains(a.throttled, operation) {
		return apiError{"ThrottlingException", http.StatusBadRequest}, true
	}

	failure, fails := a.errors[operation]

	return failure, fails
}

// fail answers an error, in JSON or in the XML that the CLI reads from EC2, IAM, STS and S3.
func fail(w http.ResponseWriter, operation string, failure apiError, isJSON bool) {
	if isJSON {
		w.Header().Set("X-Amzn-Errortype", failure.code)
		w.WriteHeader(failure.status)
		fmt.Fprintf(w, `{"__type": %q, "message": "as the test says"}`, failure.code)

		return
	}

	w.WriteHeader(failure.status)

	text := fmt.Sprintf("<Error><Code>%s</Code><Message>as the test says</Message></Error>", failure.code)

	switch {
	case operation == "ListBuckets":
		fmt.Fprint(w, strings.ReplaceAll(text, "</Error>", "<RequestId>1</RequestId></Error>"))
	case strings.HasPrefix(operation, "Describe"):
		fmt.Fprintf(w, "<Response><Errors>%s</Errors><RequestID>1</RequestID></Response>", text)
	default:
		fmt.Fprintf(w, "<ErrorResponse>%s<RequestId>1</RequestId></ErrorResponse>", text)
	}
}

// simulate allows every action but the refused one.
func simulate(w http.ResponseWriter, form url.Values, refused string) {
	var results strings.Builder

	for n := 1; form.Has(fmt.Sprintf("ActionNames.member.%d", n)); n++ {
		action, decision := form.Get(fmt.Sprintf("ActionNames.member.%d", n)), "allowed"
		if action == refused {
			decision = "implicitDeny"
		}

		fmt.Fprintf(&results, "<member><EvalActionName>%s</EvalActionName><EvalDecision>%s</EvalDecision></member>",
			action, decision)
	}

	fmt.Fprintf(w, "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>%s"+
		"</EvaluationResults><IsTruncated>false</IsTruncated></SimulatePrincipalPolicyResult>"+
		"</SimulatePrincipalPolicyResponse>", results.String())
}

// runner runs the real AWS CLI against the account, and answers for all other programs.
func (a *account) runner(t *testing.T, outputs map[string]string) runner {
	t.Helper()

	if _, err := exec.LookPath("aws"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the AWS CLI is missing: run tools/packages.sh")
		}

		t.Skip("the AWS CLI is missing: run tools/packages.sh")
	}

	server := httptest.NewServer(a)
	t.Cleanup(server.Close)

	cli := commands([]string{
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true",
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	})

	return func(ctx context.Context, program string, args ...string) ([]byte, error) {
		if program == "aws" && args[0] != "--version" {
			return cli(ctx, program, append([]string{"--endpoint-url", server.URL}, args...)...)
		}

		output, ok := outputs[program]
		if !ok {
			return nil, &exec.Error{Name: program, Err: exec.ErrNotFound}
		}

		return []byte(output), nil
	}
}
