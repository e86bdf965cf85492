package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// replaced are the paths of the changes that force a replacement.
func replaced(t *testing.T, token string, old, inputs in) []string {
	t.Helper()

	cloud := aws.New(nil, nil, aws.DefaultIdentity())
	kind, err := cloud.Table().Kind(token)
	require.NoError(t, err)

	before, after := kind.Comparable(nil, enginetest.Values(old), enginetest.Values(inputs))

	var paths []string

	for _, change := range behaviour.Diff(kind, before, after).Changes {
		if change.Kind.IsReplace() {
			paths = append(paths, change.Path)
		}
	}

	return paths
}

// replacementCase are two versions of inputs, and the changes between them that force a replacement.
type replacementCase struct {
	token       string
	old, inputs in
	want        []string
}

func testReplacements(t *testing.T, cases map[string]replacementCase) {
	t.Helper()

	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, replaced(t, test.token, test.old, test.inputs))
		})
	}
}

func TestReplacementsThatDependOnValues(t *testing.T) {
	t.Parallel()

	const (
		cluster = "aws:eks/cluster:Cluster"
		subnet  = "aws:ec2/subnet:Subnet"
		cache   = "aws:elasticache/replicationGroup:ReplicationGroup"
	)

	valkey := func(version string) in { return in{"engine": "valkey", "engineVersion": version} }

	testReplacements(t, map[string]replacementCase{
		"dedicated tenancy": {vpcType, in{}, in{"instanceTenancy": "dedicated"}, []string{"instanceTenancy"}},
		"default tenancy":   {vpcType, in{"instanceTenancy": "dedicated"}, in{}, nil},
		"an IPv6 range in use": {
			subnet,
			in{"assignIpv6AddressOnCreation": true, "ipv6CidrBlock": "a"},
			in{"ipv6CidrBlock": "b"},
			[]string{"ipv6CidrBlock"},
		},
		"an IPv6 range":      {subnet, in{"ipv6CidrBlock": "a"}, in{"ipv6CidrBlock": "b"}, nil},
		"names of a gateway": {endpointType, in{}, in{"privateDnsEnabled": true}, []string{"privateDnsEnabled"}},
		"names of an interface": {
			endpointType,
			in{"vpcEndpointType": "Interface"},
			in{"vpcEndpointType": "Interface", "privateDnsEnabled": true},
			nil,
		},
		"another kind of source": {
			ingressType, in{"cidrIpv4": "10.0.0.0/8"}, in{"cidrIpv6": "::/0"}, []string{"cidrIpv4", "cidrIpv6"},
		},
		"another source": {ingressType, in{"cidrIpv4": "10.0.0.0/8"}, in{"cidrIpv4": "10.0.0.0/16"}, nil},
		"another role for nodes": {
			cluster,
			in{"computeConfig": in{"nodeRoleArn": "a"}},
			in{"computeConfig": in{"nodeRoleArn": "b"}},
			[]string{"computeConfig.nodeRoleArn"},
		},
		"a first role for nodes": {
			cluster,
			in{"computeConfig": in{}},
			in{"computeConfig": in{"nodeRoleArn": "b"}},
			nil,
		},
		"remote networks":    {cluster, in{}, in{"remoteNetworkConfig": in{}}, []string{"remoteNetworkConfig"}},
		"an earlier engine":  {cache, valkey("8.1"), valkey("8.0"), []string{"engineVersion"}},
		"a later engine":     {cache, valkey("8.0"), valkey("8.1"), nil},
		"Redis after Valkey": {cache, in{"engine": "valkey"}, in{"engine": "redis"}, []string{"engine"}},
		"Valkey after Redis": {cache, in{"engine": "redis"}, in{"engine": "valkey"}, nil},
		"TLS of an old Redis": {
			cache,
			in{"engineVersion": "6.2"},
			in{"engineVersion": "6.2", "transitEncryptionEnabled": true},
			[]string{"transitEncryptionEnabled"},
		},
		"TLS": {
			cache, valkey("8.0"), changed(valkey("8.0"), in{"transitEncryptionEnabled": true}),
			nil,
		},
		"a lifecycle policy": {
			"aws:ecr/lifecyclePolicy:LifecyclePolicy",
			in{"policy": `{"a":1}`},
			in{"policy": `{"a":2}`},
			[]string{"policy"},
		},
	})
}

func TestReplacementsOfLoadBalancers(t *testing.T) {
	t.Parallel()

	network := func(change in) in { return changed(in{"loadBalancerType": "network"}, change) }
	mapping := func(ids ...any) in {
		mappings := []any{}
		for _, id := range ids {
			mappings = append(mappings, in{"subnetId": id})
		}

		return network(in{"subnetMappings": mappings})
	}

	testReplacements(t, map[string]replacementCase{
		"a subnet more": {
			balancerType, network(in{"subnets": []any{"a"}}), network(in{"subnets": []any{"a", "b"}}),
			nil,
		},
		"a subnet less": {
			balancerType, network(in{"subnets": []any{"a", "b"}}), network(in{"subnets": []any{"a"}}),
			[]string{"subnets[1]"},
		},
		"another mapping": {
			balancerType, mapping("a"), mapping("c", "b"),
			[]string{"subnetMappings[0].subnetId", "subnetMappings[1]"},
		},
		"a first security group": {
			balancerType, network(in{}), network(in{"securityGroups": []any{"a"}}),
			[]string{"securityGroups"},
		},
		"another security group": {
			balancerType, network(in{"securityGroups": []any{"a"}}), network(in{"securityGroups": []any{"b"}}),
			nil,
		},
		"a mapping more":            {balancerType, mapping("a"), mapping("a", "b"), nil},
		"subnets of an application": {balancerType, in{"subnets": []any{"a", "b"}}, in{"subnets": []any{"a", "c"}}, nil},
	})
}

// Two lifecycle policies, attachments or rules cannot exist side by side.
func TestDeletionsBeforeReplacements(t *testing.T) {
	t.Parallel()

	for token, facts := range aws.Schema() {
		if facts.DeleteBeforeReplace {
			kind, err := aws.New(nil, nil, aws.DefaultIdentity()).Table().Kind(token)
			require.NoError(t, err)

			forced := resource.PropertyKey(kind.ForceNew[0])
			difference := behaviour.Diff(kind, resource.PropertyMap{forced: resource.NewStringProperty("a")},
				resource.PropertyMap{forced: resource.NewStringProperty("b")})
			assert.True(t, difference.DeleteBeforeReplace, token)
		}
	}
}

func TestVersioningCannotBeDisabled(t *testing.T) {
	t.Parallel()

	provider := enginetest.Start(t, "").AWS("us-east-1")
	bucket := provider.Create("aws:s3/bucketV2:BucketV2", "bucket", in{})
	status := func(status string) in {
		return in{"bucket": bucket.ID, "versioningConfiguration": in{"status": status}}
	}
	made := provider.Create("aws:s3/bucketVersioningV2:BucketVersioningV2", "versions", status("Enabled"))
	_, err := provider.TryUpdate(made, status("Disabled"))
	require.ErrorContains(t, err, "versioningConfiguration.status: cannot change from Enabled to Disabled")
	provider.Update(made, status("Suspended"))
}
