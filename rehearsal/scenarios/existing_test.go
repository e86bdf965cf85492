package scenarios_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/simulation/account"
)

// The types of a VPC's parts.
const (
	vpcType    = "aws:ec2/vpc:Vpc"
	subnetType = "aws:ec2/subnet:Subnet"
	routeType  = "aws:ec2/route:Route"
)

// existingVPC returns the edit that docs/environments.md has as its example.
func existingVPC(t *testing.T) func(config) {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(repository(t), "docs", "environments.md"))
	require.NoError(t, err)

	block := regexp.MustCompile("(?s)```yaml\n(platform:network:\n.+?)```").FindSubmatch(text)
	require.NotNil(t, block, "an example of an existing VPC")

	var section config
	require.NoError(t, yaml.Unmarshal(block[1], &section))

	return func(c config) { c["platform:network"] = section["platform:network"] }
}

func TestAnEnvironmentInAnExistingVPC(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.configure(existingVPC(t))

	before := r.foreign()
	require.NotEmpty(t, before, "the account has a VPC")

	r.must("up")
	assert.Equal(t, []string{"create"}, kinds(r.changes()))

	known, _ := r.inspect()
	assert.Equal(t, exported(), outputs(known))
	assert.Equal(t, "vpc-0a1b2c3d4e5f60718", known.Outputs()["vpcId"])

	for _, made := range known.Resources {
		assert.NotContains(t, []string{vpcType, subnetType, routeType, "aws:ec2/natGateway:NatGateway"}, string(made.Type))
	}

	assert.Equal(t, before, r.foreign(), "the VPC")
	r.assertControlsPass("K1")

	for _, found := range r.report().Controls {
		if slices.Contains([]string{"N1", "N7", "W1", "D1", "L1"}, found.ID) {
			assert.Equal(t, controls.NotApplicable, found.Result, found.ID)
			assert.Contains(t, found.Reason, "platform:network.existing", found.ID)
		}
	}

	t.Log("an environment that has taken its addresses is unchanged, and needs no more")
	r.byHand(subnetType, func(properties map[string]any) { properties["availableIpAddressCount"] = 0.0 })
	r.must("preview")
	assert.Empty(t, r.changes())

	t.Log("neither the VPC nor a zone can be removed")

	for path, edit := range map[string]func(config){
		"platform:network.existing.vpc": func(c config) {
			c["platform:network"] = config{"cidr": "10.10.0.0/16", "zones": []string{"a", "b"}}
		},
		"platform:network.existing.privateSubnets.b": func(c config) {
			existing := c.object("platform:network", "existing")
			for _, tier := range []string{"publicSubnets", "privateSubnets", "dataSubnets"} {
				subnets := existing.object(tier)
				subnets["c"] = "subnet-0a1b2c3d4e5f60" + map[string]string{
					"publicSubnets": "00c", "privateSubnets": "01c", "dataSubnets": "02c",
				}[tier]
				delete(subnets, "b")
			}
		},
	} {
		r.configure(existingVPC(t), edit)

		printed, err := r.run("up")
		require.ErrorIs(t, err, launcher.ErrEngine)
		assert.Contains(t, printed, path)
	}

	r.configure(existingVPC(t))
	r.must("destroy")

	known, _ = r.inspect()
	assert.Empty(t, known.Resources)
	assert.Subset(t, idsOf(r.foreign()), idsOf(before), "the VPC remains")
}

func TestAnUnusableVPCIsRefusedBeforeAnythingIsCreated(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		resourceType, property string
		value                  any
		message                string
	}{
		"subnets of another VPC": {
			subnetType, "vpcId", "vpc-1", "platform:network.existing.dataSubnets.a: got \"subnet-0a1b2c3d4e5f6002a\", " +
				"expected a subnet of vpc-0a1b2c3d4e5f60718",
		},
		"no default route":        {routeType, "destinationCidrBlock", "10.0.0.0/8", "existing.privateSubnets.b: "},
		"too few free addresses":  {subnetType, "availableIpAddressCount", 7.0, "existing.publicSubnets.a: "},
		"no DNS host names":       {vpcType, "enableDnsHostnames", false, "--enable-dns-hostnames"},
		"subnets in another zone": {subnetType, "availabilityZone", "us-east-1c", "(this one is in us-east-1c)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := rehearse(t, repository(t), "sandbox")
			r.configure(existingVPC(t))
			r.byHand(test.resourceType, func(properties map[string]any) { properties[test.property] = test.value })

			before := r.foreign()

			printed, err := r.run("up")
			require.ErrorIs(t, err, launcher.ErrEngine)
			assert.Contains(t, printed, test.message)

			_, held := r.inspect()
			assert.Equal(t, before, held, "nothing is created")
		})
	}
}

// foreign returns the resources of the account that no program created, and their parts.
func (r *rehearsal) foreign() []account.Resource {
	r.t.Helper()

	_, held := r.inspect()

	return slices.DeleteFunc(held, func(h account.Resource) bool {
		return h.URN != "" || h.IsLeftover() || h.OwnerType != "" && h.OwnerType != vpcType
	})
}

// idsOf returns the ids of resources.
func idsOf(resources []account.Resource) []string {
	var found []string
	for _, r := range resources {
		found = append(found, r.ID)
	}

	return found
}
