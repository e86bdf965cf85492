package main

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// programs are the outputs of the programs other than the AWS CLI.
func programs() map[string]string {
	return map[string]string{
		"pulumi": "v3.260.1", "aws": "aws-cli/2.31.2 Python/3.13.7", "kubectl": "Client Version: v1.36.0",
		"git": "0123\tHEAD\n0123\trefs/heads/main\n",
	}
}

// examine runs the doctor on the committed sandbox, with a change of its file.
func examine(t *testing.T, a *account, outputs map[string]string, changes ...string) (string, error) {
	t.Helper()

	root := t.TempDir()
	text, err := os.ReadFile("../../Pulumi.sandbox.yaml")
	require.NoError(t, err)

	changed := strings.NewReplacer(changes...).Replace(string(text))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.sandbox.yaml"), []byte(changed), 0o600))

	for _, app := range []string{"flights", "reservations"} {
		folder := filepath.Join("apps", app, "environments")
		require.NoError(t, os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join("../..", folder))))
	}

	var out bytes.Buffer

	err = run(t.Context(), root, []string{"sandbox"}, a.runner(t, outputs), &out)

	return out.String(), err
}

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"

func withCertificate() []string {
	return []string{
		"  platform:gitops:",
		"  platform:ingress: {host: api.example.com, certificateArn: '" + certificate + "'}\n  platform:gitops:",
	}
}

// skipIfShort leaves the tests with the most calls to make builds: the AWS CLI takes a second to start.
func skipIfShort(t *testing.T) {
	t.Helper()

	if testing.Short() {
		t.Skip("dozens of runs of the AWS CLI: run make builds")
	}
}

func TestAnAccountThatHasEverythingIsReady(t *testing.T) {
	t.Parallel()
	skipIfShort(t)

	a := complete(t)
	a.throttled = []string{"GetCallerIdentity", "DescribeRegions", "DescribeKey"}

	out, err := examine(t, a, programs(), withCertificate()...)

	require.NoError(t, err, out)
	assert.Contains(t, out, " 0 missing, 0 not checked.", out)
	assert.Contains(t, out, "role/platform-deploy")
}

func TestWhatIsMissingIsPrintedWithACommand(t *testing.T) {
	t.Parallel()
	skipIfShort(t)

	a := complete(t)
	a.answers["GetRole"] = "<Role><Arn>arn:aws:iam::123456789012:role/team/Developer</Arn></Role>"
	a.answers["SimulatePrincipalPolicy"] = "eks:CreateCluster"
	a.answers["DescribeRegions"] = "<regionInfo><item><optInStatus>not-opted-in</optInStatus></item></regionInfo>"
	a.answers["ListRoles"] = "<Roles></Roles>"
	a.answers["ListBuckets"] = "<Buckets></Buckets>"
	a.answers["DescribeKey"] = `{"KeyMetadata": {"KeyId": "1", "KeyState": "PendingDeletion"}}`
	a.answers["DescribeCertificate"] = `{"Certificate": {"Status": "PENDING_VALIDATION"}}`
	a.errors["GetServiceQuota"] = apiError{"NoSuchResourceException", http.StatusBadRequest}
	a.errors["DescribeImages"] = apiError{"ImageNotFoundException", http.StatusBadRequest}

	outputs := programs()
	outputs["aws"], outputs["kubectl"] = "aws-cli/1.45.1", "Client Version: v1.30.1"
	outputs["git"] = "0123\trefs/heads/dev\n"
	delete(outputs, "pulumi")

	pins := pinned()
	delete(pins, "metrics-server")
	a.answers["DescribeAddonVersions"] = offered(pins)

	changes := append(withCertificate(),
		"\n    version: \"1.35\"", "\n    version: \"1.35\"\n    addons: {coredns: {version: v50.0.0-eksbuild.1}}",
		"  aws:defaultTags:", "  aws:allowedAccountIds: [\"210987654321\"]\n  aws:defaultTags:")
	out, err := examine(t, a, outputs, changes...)

	require.ErrorIs(t, err, errMissing)

	for _, fix := range []string{
		"install pulumi 3.257 or later", "install AWS CLI 2", "install kubectl",
		"--path 'aws:allowedAccountIds[1]' 123456789012",
		"--path 'platform:cluster.admins[1]' role/team/Developer",
		"AWS_PROFILE=", "eks:CreateCluster",
		"aws account enable-region --region-name us-east-1",
		"--quota-code L-34B43A08 --desired-value 28",
		"aws iam create-service-linked-role --aws-service-name eks.amazonaws.com",
		"cd infra/bootstrap && pulumi up -s account",
		"aws kms cancel-key-deletion",
		"make digests STACK=sandbox",
		"EKS has no v50.0.0-eksbuild.1 for Kubernetes 1.35; nearest: " + pins["coredns"] + ", v99.0.0-eksbuild.1",
		"--path 'platform:cluster.addons.coredns.version' " + pins["coredns"],
		"EKS has no metrics-server for Kubernetes 1.35",
		"aws acm describe-certificate --certificate-arn " + certificate,
		"HEAD:refs/heads/main",
	} {
		assert.Contains(t, out, fix)
	}

	assert.Contains(t, out, ", 0 not checked.", out)
}

func TestAParameterThatRDSDoesNotHaveIsMissing(t *testing.T) {
	t.Parallel()
	skipIfShort(t)

	const class = "    instanceClass: db.t4g.small"

	out, err := examine(t, complete(t), programs(), append(withCertificate(),
		class, class+`
    parameters: {max_connections: "50", wait_timout: "60", rds.optimized_writes: AUTO, weather: fine}`)...)

	require.ErrorIs(t, err, errMissing)
	assert.Contains(t, out, " 2 missing, 0 not checked.", out)

	for _, fix := range []string{
		"--type string --path 'platform:database.parameters.wait_timeout' 60 && pulumi config rm",
		"rm --stack sandbox --path 'platform:database.parameters.weather'",
	} {
		assert.Contains(t, out, fix)
	}
}

func TestWhatMayNotBeAskedIsNotReportedAsMissing(t *testing.T) {
	t.Parallel()

	a := complete(t)
	for operation := range maps.Keys(a.answers) {
		if operation != "GetCallerIdentity" && operation != "GetRole" {
			a.errors[operation] = denied
		}
	}

	a.errors["SimulatePrincipalPolicy"] = denied
	a.errors["DescribeRegions"] = apiError{"UnauthorizedOperation", http.StatusForbidden}
	a.errors["DescribeKey"] = apiError{"AccessDeniedException", http.StatusBadRequest}

	out, err := examine(t, a, programs(), withCertificate()...)

	require.NoError(t, err, out)
	assert.Contains(t, out, " 0 missing, ")
	assert.Contains(t, out, "the credentials may not call SimulatePrincipalPolicy, which only reads")
	assert.Contains(t, out, "the credentials may not call DescribeRegions")
}

func TestWithoutCredentialsNothingElseIsAsked(t *testing.T) {
	t.Parallel()

	a := complete(t)
	a.errors["GetCallerIdentity"] = apiError{"ExpiredToken", http.StatusForbidden}

	out, err := examine(t, a, programs())

	require.ErrorIs(t, err, errMissing)
	assert.Contains(t, out, "aws configure sso")
	assert.Len(t, a.calls, 1)
}

func TestCredentialsAreNotMissingBecauseTheAWSCLIIs(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer

	none := func(_ context.Context, program string, _ ...string) ([]byte, error) {
		return nil, &exec.Error{Name: program, Err: exec.ErrNotFound}
	}

	require.ErrorIs(t, run(t.Context(), "../..", []string{"sandbox"}, none, &out), errMissing)
	assert.Contains(t, out.String(), "\n0 ready, 3 missing, 1 not checked.\n")
	assert.NotContains(t, out.String(), "aws configure sso")
}

func TestAStackThatDoesNotExistOrIsInvalidIsRefused(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer

	require.ErrorIs(t, run(t.Context(), "../..", nil, nil, &out), errUsage)
	require.ErrorContains(t, run(t.Context(), "../..", []string{"sandbocks"}, nil, &out), "Pulumi.sandbocks.yaml")

	_, err := examine(t, complete(t), programs(), "nat: single", "nat: sigle")
	assert.ErrorContains(t, err, "platform:network.nat")
}

// The zones of an existing VPC are the keys of its subnets.
func TestTheZonesOfAnExistingVPCAreChecked(t *testing.T) {
	t.Parallel()
	skipIfShort(t)

	out, err := examine(t, complete(t), programs(), "cidr: 10.10.0.0/16\n    zones: [a, b]\n    nat: single", `existing:
      vpc: vpc-0a1b2c3d
      publicSubnets: {a: subnet-0000000a, c: subnet-0000000c}
      privateSubnets: {a: subnet-0000001a, c: subnet-0000001c}`)

	require.Error(t, err, out)
	assert.Contains(t, out, "platform:network.existing.privateSubnets.c")
	assert.NotContains(t, out, "platform:network.existing.privateSubnets.a")
}
