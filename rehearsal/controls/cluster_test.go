package controls_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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

func TestK1TheAPIServerIsPrivateOrOpenToListedRangesOnly(t *testing.T) {
	t.Parallel()

	vpc := func(config object) mutation { return set(cluster, clusterName, "vpcConfig", config) }
	open := func(cidrs ...any) object { return object{"endpointPrivateAccess": true, "publicAccessCidrs": cidrs} }

	assert.Equal(t, controls.Pass, finding(t, golden(t, "staging"), "K1").Result)

	excepted := finding(t, golden(t, "sandbox"), "K1")
	assert.Equal(t, controls.Exception, excepted.Result)
	assert.Contains(t, excepted.Reason, clusterName)
	assert.NotEmpty(t, excepted.Evidence)

	ended := golden(t, "sandbox")
	ended.Now = ended.Exceptions["K1"].Until.AddDate(0, 0, 1)
	assert.Equal(t, controls.Fail, finding(t, ended, "K1").Result, "the exception has ended")

	fails(t, "K1", clusterName, vpc(object{"endpointPublicAccess": false}))
	fails(t, "K1", clusterName, vpc(object{"endpointPrivateAccess": true, "endpointPublicAccess": true}))
	fails(t, "K1", clusterName, vpc(open()))
	fails(t, "K1", clusterName, vpc(open("203.0.113.0/24", "0.0.0.0/0")))
	fails(t, "K1", clusterName, vpc(open("everywhere")))
	fails(t, "K1", clusterName, vpc(open("0.0.0.0/1", "128.0.0.0/1")))

	passesWith(t, "K1", "a list of ranges", vpc(open("203.0.113.0/24")))
}

func TestK2KubernetesIsInStandardSupport(t *testing.T) {
	t.Parallel()
	passes(t, "K2")
	fails(t, "K2", clusterName, set(cluster, clusterName, "version", "1.33"))
	fails(t, "K2", clusterName, set(cluster, clusterName, "upgradePolicy", object{"supportType": "EXTENDED"}))
	fails(t, "K2", clusterName, set(cluster, clusterName, "upgradePolicy", nil))

	at := func(now time.Time) mutation {
		return func(environment *controls.Environment) { environment.Now = now }
	}
	lastHour := time.Date(2027, time.March, 27, 23, 0, 0, 0, time.UTC)

	passesWith(t, "K2", "the last day of support", at(lastHour))
	fails(t, "K2", clusterName, at(lastHour.Add(time.Hour)))
}

func TestK3AllControlPlaneLogsAreKeptForASetTime(t *testing.T) {
	t.Parallel()
	passes(t, "K3")
	fails(t, "K3", clusterName, set(cluster, clusterName, "enabledClusterLogTypes",
		[]any{"api", "authenticator", "controllerManager", "scheduler"}))
	fails(t, "K3", clusterName, remove(logGroup, "cluster-logs"))
	fails(t, "K3", clusterName, set(logGroup, "cluster-logs", "name", "/aws/eks/other/cluster"))
	fails(t, "K3", "cluster-logs", set(logGroup, "cluster-logs", "retentionInDays", 0.0))
}

func TestK4KubernetesSecretsAreEncryptedWithOurOwnKey(t *testing.T) {
	t.Parallel()

	encrypted := func(key string, resources ...any) mutation {
		return set(cluster, clusterName, "encryptionConfig",
			object{"provider": object{"keyArn": key}, "resources": resources})
	}

	passes(t, "K4")
	fails(t, "K4", clusterName, set(cluster, clusterName, "encryptionConfig", nil))
	fails(t, "K4", clusterName, encrypted("arn:aws:kms:us-east-1:123456789012:Key-encryption-key"))
	fails(t, "K4", clusterName, encrypted("arn:aws:kms:us-east-1:123456789012:key/another", "secrets"))
	fails(t, "K4", clusterName, remove("aws:kms/key:Key", ""))
}

func TestK5AccessIsByAccessEntriesAndTheCreatorHasNoneByDefault(t *testing.T) {
	t.Parallel()

	access := func(config object) mutation {
		return set(cluster, clusterName, "accessConfig", config)
	}

	passes(t, "K5")
	fails(t, "K5", clusterName, access(object{
		"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": false,
	}))
	fails(t, "K5", clusterName, access(object{
		"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": true,
	}))
	fails(t, "K5", clusterName, access(object{"authenticationMode": "API"}))
	fails(t, "K5", clusterName, set(component, "cluster", "accessEntries", object{}))
	fails(t, "K5", clusterName, set(component, "cluster", "accessEntries", object{"nodes": object{"type": "EC2_LINUX"}}))

	for _, kind := range []string{"ConfigMap", "ConfigMapPatch"} {
		fails(t, "K5", "auth", add("kubernetes:core/v1:"+kind, "auth", object{"metadata": object{"name": "aws-auth"}}))
	}

	entry := func(kind string) mutation {
		return all(set(component, "cluster", "accessEntries", nil),
			add("aws:eks/accessEntry:AccessEntry", "entry", object{"type": kind}))
	}
	fails(t, "K5", clusterName, entry("EC2_LINUX"))
	fails(t, "K5", clusterName, entry("FARGATE_LINUX"))

	passesWith(t, "K5", "an access entry as a resource", entry("STANDARD"))
}

func TestK6EachWorkloadHasItsOwnRole(t *testing.T) {
	t.Parallel()

	trustIn := func(principal, conditions string) mutation {
		return set(role, "cluster-cni", "assumeRolePolicy", `{"Statement": [{"Effect": "Allow", "Principal": `+principal+
			`, "Condition": {"StringEquals": {`+conditions+`}}}]}`)
	}
	trust := func(conditions string) mutation {
		return trustIn(`{"Service": "pods.eks.amazonaws.com"}`, conditions)
	}

	const namespace, account = `"aws:RequestTag/kubernetes-namespace": "kube-system"`,
		`"aws:RequestTag/kubernetes-service-account": ["aws-node"]`

	passes(t, "K6")
	fails(t, "K6", "cluster-cni", remove(role, "cluster-cni"))
	fails(t, "K6", "cluster-cni", set(role, "cluster-cni", "assumeRolePolicy", "{}"))
	fails(t, "K6", "cluster-cni", trust(namespace))
	fails(t, "K6", "cluster-cni", trust(account))
	fails(t, "K6", "cluster-cni", trust(namespace+","+strings.Replace(account, "]", `, "default"]`, 1)))
	fails(t, "K6", "cluster-cni", trustIn(`"*"`, namespace+","+account))
	fails(t, "K6", "cluster-cni", set(association, "cluster-cni", "serviceAccount", "default"))
	fails(t, "K6", "cluster-cni", set(association, "cluster-cni", "roleArn", "arn:aws:iam::123456789012:role/admin"))
	fails(t, "K6", "cluster-cni", func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == association && r.URN.Name() == "cluster-cni" {
				r.URN = resourceURN(association, "another")
				environment.State.Resources = append(environment.State.Resources, r)

				return
			}
		}
	})

	passesWith(t, "K6", "a string and a list of one string", trust(namespace+","+account))
}

func TestK7NetworkPoliciesAreEnforced(t *testing.T) {
	t.Parallel()
	passes(t, "K7")
	fails(t, "K7", clusterName, remove(addon, "cluster-vpc-cni"))
	fails(t, "K7", "cluster-vpc-cni", set(addon, "cluster-vpc-cni", "configurationValues", ""))
	fails(t, "K7", "cluster-vpc-cni",
		set(addon, "cluster-vpc-cni", "configurationValues", `{"enableNetworkPolicy": "false"}`))
}
