package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClusterVersions(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	at := func(version any) in { return s.clusterInputs(in{"version": version}) }
	refuses(t, s.aws, clusterType, map[string]in{"version: got 2.0, expected": at("2.0")})

	made := s.aws.Create(clusterType, "cluster", at("1.34"))

	for _, version := range []string{"1.33", "1.36"} {
		_, err := s.aws.TryUpdate(made, at(version))
		require.ErrorContains(t, err, "api error InvalidParameterException: Unsupported Kubernetes minor version update "+
			"from 1.34 to "+version)
	}

	assert.Empty(t, s.aws.Diff(made, at("1.35")).GetReplaces())
	updated := s.aws.Update(made, at("1.35"))
	assert.Equal(t, "1.35", updated.Text("version"))
	assert.Equal(t, made.Text("endpoint"), updated.Text("endpoint"), "kubeconfigs remain valid")
	assert.Equal(t, inside(made, "vpcConfig"), inside(updated, "vpcConfig"))
	assert.Equal(t, "1.36", s.aws.Update(updated, at("1.36")).Text("version"))
	assert.Equal(t, "1.36", s.aws.Update(updated, at(nil)).Text("version"), "without the property, the value is kept")
}

func TestClusterEndpoints(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	with := func(change in) in { return s.clusterInputs(changed(s.vpcConfig(change), in{"name": "e"})) }
	refuses(t, s.aws, clusterType, map[string]in{
		"InvalidParameterException: Private and public endpoint access cannot be false.": with(in{
			"endpointPublicAccess": false,
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [10.0.0.0/8]": with(in{
			"publicAccessCidrs": []any{"203.0.113.0/24", "10.0.0.0/8"},
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [203.0.113.1/24]": with(in{
			"publicAccessCidrs": []any{"203.0.113.1/24"},
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [100.64.0.0/10]": with(in{
			"publicAccessCidrs": []any{"100.64.0.0/10"},
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [8.0.0.0/5]": with(in{
			"publicAccessCidrs": []any{"8.0.0.0/5"},
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [2000::/3]": with(in{
			"publicAccessCidrs": []any{"2000::/3"},
		}),
		"InvalidParameterException: The following CIDRs are not allowed in publicAccessCidrs: [anywhere]": with(in{
			"publicAccessCidrs": []any{"anywhere"},
		}),
	})

	made := s.aws.Create(clusterType, "cluster", with(in{"endpointPublicAccess": false, "endpointPrivateAccess": true}))
	opened := with(in{"publicAccessCidrs": []any{"203.0.113.7/32", "198.51.100.0/24"}})
	assert.Empty(t, s.aws.Diff(made, opened).GetReplaces())

	ranges := []any{"203.0.113.7/32", "198.51.100.0/24"}
	made = s.aws.Update(made, opened)
	assert.Equal(t, ranges, inside(made, "vpcConfig")["publicAccessCidrs"])

	// The provider sends the former ranges again, and EKS keeps them without using them.
	closed := with(in{"endpointPublicAccess": false, "endpointPrivateAccess": true})
	made = s.aws.Update(made, closed)
	assert.Equal(t, ranges, inside(made, "vpcConfig")["publicAccessCidrs"])
	assert.Equal(t, false, inside(made, "vpcConfig")["endpointPublicAccess"])
	assert.Empty(t, s.aws.Diff(made, closed).GetDiffs())
}

func TestReplacementsOfClusters(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	made := s.cluster(nil)

	for want, change := range map[string]in{
		"bootstrapSelfManagedAddons": {"bootstrapSelfManagedAddons": true},
		"kubernetesNetworkConfig":    {"kubernetesNetworkConfig": in{"serviceIpv4Cidr": "10.100.0.0/16"}},
		"name":                       {"name": "d"},
	} {
		assert.Equal(t, []string{want}, s.aws.Diff(made, s.clusterInputs(change)).GetReplaces())
	}

	for name, change := range map[string]in{
		"the order of subnets": s.vpcConfig(in{
			"subnetIds": []any{s.second.ID, s.subnet.ID}, "endpointPrivateAccess": true,
		}),
		"groups":         s.vpcConfig(in{"securityGroupIds": []any{s.group.ID}}),
		"logs":           {"enabledClusterLogTypes": []any{"api"}},
		"support":        {"upgradePolicy": in{"supportType": "STANDARD"}},
		"tags":           {"tags": in{"a": "b"}},
		"zonal shifting": {"zonalShiftConfig": in{"enabled": true}},
	} {
		assert.Empty(t, s.aws.Diff(made, s.clusterInputs(change)).GetReplaces(), name)
	}
}
