package controls_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	cluster     = "aws:eks/cluster:Cluster"
	clusterName = "cluster-eksCluster"
	component   = "eks:index:Cluster"
	addon       = "aws:eks/addon:Addon"
	logGroup    = "aws:cloudwatch/logGroup:LogGroup"
	role        = "aws:iam/role:Role"
	association = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
)

// object is a value of several members.
type object = map[string]any

func TestK1(t *testing.T) {
	t.Parallel()

	vpc := func(config object) func(*controls.Environment) { return set(cluster, clusterName, "vpcConfig", config) }
	open := func(cidrs ...any) object { return object{"endpointPrivateAccess": true, "publicAccessCidrs": cidrs} }

	assert.Equal(t, controls.Pass, finding(t, golden(t, "staging"), "K1").Result)

	claimed := finding(t, golden(t, "sandbox"), "K1")
	assert.Equal(t, controls.Exception, claimed.Result)
	assert.Contains(t, claimed.Reason, clusterName)
	assert.NotEmpty(t, claimed.Evidence)

	breaks(t, "K1", clusterName, vpc(object{"endpointPublicAccess": false}))
	breaks(t, "K1", clusterName, vpc(object{"endpointPrivateAccess": true, "endpointPublicAccess": true}))
	breaks(t, "K1", clusterName, vpc(open()))
	breaks(t, "K1", clusterName, vpc(open("203.0.113.0/24", "0.0.0.0/0")))
	breaks(t, "K1", clusterName, vpc(open("everywhere")))
	breaks(t, "K1", clusterName, vpc(open("0.0.0.0/1", "128.0.0.0/1")))

	environment := golden(t, "staging")
	vpc(open("203.0.113.0/24"))(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "K1").Result, "listed ranges are let in")
}

func TestK2(t *testing.T) {
	t.Parallel()
	holds(t, "K2")
	breaks(t, "K2", clusterName, set(cluster, clusterName, "version", "1.33"))
	breaks(t, "K2", clusterName, set(cluster, clusterName, "upgradePolicy", object{"supportType": "EXTENDED"}))
	breaks(t, "K2", clusterName, set(cluster, clusterName, "upgradePolicy", nil))

	last := time.Date(2027, time.March, 27, 23, 0, 0, 0, time.UTC)

	breaks(t, "K2", clusterName, func(environment *controls.Environment) { environment.Now = last.Add(time.Hour) })

	environment := golden(t, "staging")
	environment.Now = last
	assert.Equal(t, controls.Pass, finding(t, environment, "K2").Result, "the last day counts")
}

func TestK3(t *testing.T) {
	t.Parallel()
	holds(t, "K3")
	breaks(t, "K3", clusterName, set(cluster, clusterName, "enabledClusterLogTypes",
		[]any{"api", "authenticator", "controllerManager", "scheduler"}))
	breaks(t, "K3", clusterName, remove(logGroup, "cluster-logs"))
	breaks(t, "K3", clusterName, set(logGroup, "cluster-logs", "name", "/aws/eks/other/cluster"))
	breaks(t, "K3", "cluster-logs", set(logGroup, "cluster-logs", "retentionInDays", 0.0))
}

func TestK4(t *testing.T) {
	t.Parallel()

	encrypted := func(key string, resources ...any) func(*controls.Environment) {
		return set(cluster, clusterName, "encryptionConfig",
			object{"provider": object{"keyArn": key}, "resources": resources})
	}

	holds(t, "K4")
	breaks(t, "K4", clusterName, set(cluster, clusterName, "encryptionConfig", nil))
	breaks(t, "K4", clusterName, encrypted("arn:aws:kms:us-east-1:123456789012:Key-encryption-key"))
	breaks(t, "K4", clusterName, encrypted("arn:aws:kms:us-east-1:123456789012:key/another", "secrets"))
	breaks(t, "K4", clusterName, remove("aws:kms/key:Key", ""))
}

func TestK5(t *testing.T) {
	t.Parallel()

	access := func(config object) func(*controls.Environment) {
		return set(cluster, clusterName, "accessConfig", config)
	}

	holds(t, "K5")
	breaks(t, "K5", clusterName, access(object{
		"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": false,
	}))
	breaks(t, "K5", clusterName, access(object{
		"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": true,
	}))
	breaks(t, "K5", clusterName, access(object{"authenticationMode": "API"}))
	breaks(t, "K5", clusterName, set(component, "cluster", "accessEntries", object{}))
	breaks(t, "K5", clusterName, set(component, "cluster", "accessEntries", object{"nodes": object{"type": "EC2_LINUX"}}))

	for _, kind := range []string{"ConfigMap", "ConfigMapPatch"} {
		breaks(t, "K5", "auth", add("kubernetes:core/v1:"+kind, "auth", object{"metadata": object{"name": "aws-auth"}}))
	}

	entry := func(kind string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			set(component, "cluster", "accessEntries", nil)(environment)
			add("aws:eks/accessEntry:AccessEntry", "entry", object{"type": kind})(environment)
		}
	}
	breaks(t, "K5", clusterName, entry("EC2_LINUX"))
	breaks(t, "K5", clusterName, entry("FARGATE_LINUX"))

	environment := golden(t, "staging")
	entry("STANDARD")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "K5").Result, "entries are in states where they are no inputs")
}

func TestK6(t *testing.T) {
	t.Parallel()

	by := func(principal, conditions string) func(*controls.Environment) {
		return set(role, "cluster-cni", "assumeRolePolicy", `{"Statement": [{"Effect": "Allow", "Principal": `+principal+
			`, "Condition": {"StringEquals": {`+conditions+`}}}]}`)
	}
	trust := func(conditions string) func(*controls.Environment) {
		return by(`{"Service": "pods.eks.amazonaws.com"}`, conditions)
	}

	const namespace, account = `"aws:RequestTag/kubernetes-namespace": "kube-system"`,
		`"aws:RequestTag/kubernetes-service-account": ["aws-node"]`

	holds(t, "K6")
	breaks(t, "K6", "cluster-cni", remove(role, "cluster-cni"))
	breaks(t, "K6", "cluster-cni", set(role, "cluster-cni", "assumeRolePolicy", "{}"))
	breaks(t, "K6", "cluster-cni", trust(namespace))
	breaks(t, "K6", "cluster-cni", trust(account))
	breaks(t, "K6", "cluster-cni", trust(namespace+","+strings.Replace(account, "]", `, "default"]`, 1)))
	breaks(t, "K6", "cluster-cni", by(`"*"`, namespace+","+account))
	breaks(t, "K6", "cluster-cni", set(association, "cluster-cni", "serviceAccount", "default"))
	breaks(t, "K6", "cluster-cni", set(association, "cluster-cni", "roleArn", "arn:aws:iam::123456789012:role/admin"))
	breaks(t, "K6", "cluster-cni", func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == association && r.URN.Name() == "cluster-cni" {
				r.URN = resourceURN(association, "another")
				environment.State.Resources = append(environment.State.Resources, r)

				return
			}
		}
	})

	environment := golden(t, "staging")
	trust(namespace + "," + account)(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "K6").Result, "texts and lists are the same to IAM")
}

func TestK7(t *testing.T) {
	t.Parallel()
	holds(t, "K7")
	breaks(t, "K7", clusterName, remove(addon, "cluster-vpc-cni"))
	breaks(t, "K7", "cluster-vpc-cni", set(addon, "cluster-vpc-cni", "configurationValues", ""))
	breaks(t, "K7", "cluster-vpc-cni",
		set(addon, "cluster-vpc-cni", "configurationValues", `{"enableNetworkPolicy": "false"}`))
}

// The program warns by dates of its own, which nothing here imports.
func TestTheProgramHasTheSameSupportDates(t *testing.T) {
	t.Parallel()

	dates := func(path string) []string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)

		return regexp.MustCompile(`"1\.\d+": time\.Date\(.*\)`).FindAllString(string(text), -1)
	}

	assert.NotEmpty(t, dates("cluster.go"))
	assert.Equal(t, dates("../../components/cluster/versions/versions.go"), dates("cluster.go"))
}
