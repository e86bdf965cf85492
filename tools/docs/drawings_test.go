package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixture is a resource of an environment under test. Its ID is its name.
type fixture struct {
	kind, name string
	inputs     map[string]any
	needs      []string
}

// small returns an environment with a subnet of each tier in one zone.
func small() []fixture {
	subnet := func(tier string) fixture {
		return fixture{kind: "network:ec2/subnet:Subnet", name: "network-" + tier + "-a", inputs: map[string]any{
			"availabilityZone": "x-1a", "cidrBlock": "10.0.0.0/24 " + tier,
		}}
	}
	route := func(tier, gateway, id string) []fixture {
		return []fixture{
			{kind: "network:ec2/route:Route", name: tier, inputs: map[string]any{
				"routeTableId": tier, gateway: id, "destinationCidrBlock": "0.0.0.0/0",
			}},
			{kind: "network:ec2/routeTableAssociation:RouteTableAssociation", name: tier, inputs: map[string]any{
				"routeTableId": tier, "subnetId": "network-" + tier + "-a",
			}},
		}
	}

	return slices.Concat([]fixture{
		{kind: "encryption:kms/key:Key", name: "encryption-key"},
		{kind: "network:ec2/vpc:Vpc", name: "vpc", inputs: map[string]any{"cidrBlock": "10.0.0.0/16"}},
		{kind: "network:ec2/internetGateway:InternetGateway", name: "out"},
		{kind: "network:ec2/natGateway:NatGateway", name: "nat", inputs: map[string]any{"subnetId": "network-public-a"}},
		{kind: "network:ec2/eip:Eip", name: "nat-address"},
		subnet("public"), subnet("private"), subnet("data"),
		{kind: "network:ec2/vpcEndpoint:VpcEndpoint", name: "s3", inputs: map[string]any{
			"serviceName": "com.amazonaws.x-1.s3", "vpcEndpointType": "Gateway", "routeTableIds": []string{"private"},
		}},
		{kind: "cluster:ec2/launchTemplate:LaunchTemplate", name: "template", inputs: map[string]any{
			"vpcSecurityGroupIds": []string{"of-nodes"},
		}},
		{kind: "cluster:eks/nodeGroup:NodeGroup", name: "cluster-nodes-general-a", inputs: map[string]any{
			"subnetIds": []string{"network-private-a"}, "instanceTypes": []string{"t4g.large"}, "capacityType": "ON_DEMAND",
			"scalingConfig": map[string]any{"minSize": 1, "maxSize": 2}, "launchTemplate": map[string]any{"id": "template"},
		}},
		{kind: "ingress:lb/loadBalancer:LoadBalancer", name: "balancer", inputs: map[string]any{
			"loadBalancerType": "network", "subnets": []string{"network-public-a"}, "securityGroups": []string{"of-balancer"},
		}},
		{kind: "database:rds/subnetGroup:SubnetGroup", name: "room", inputs: map[string]any{
			"subnetIds": []string{"network-data-a"},
		}},
		{kind: "database:rds/instance:Instance", name: "mysql", inputs: map[string]any{
			"engineVersion": "8.4", "instanceClass": "db.x", "multiAz": true, "vpcSecurityGroupIds": []string{"of-mysql"},
		}, needs: []string{"encryption-key"}},
		{kind: "cluster:iam/role:Role", name: "app-flights", needs: []string{"mysql"}},
		rule("in", map[string]any{"cidrIpv4": "0.0.0.0/0", "securityGroupId": "of-balancer", "toPort": 443}),
		rule("on", map[string]any{
			"referencedSecurityGroupId": "of-balancer", "securityGroupId": "of-nodes", "toPort": 30443,
		}),
		rule("down", map[string]any{
			"referencedSecurityGroupId": "of-nodes", "securityGroupId": "of-mysql", "toPort": 3306,
		}),
	}, route("public", "gatewayId", "out"), route("private", "natGatewayId", "nat"))
}

func rule(name string, inputs map[string]any) fixture {
	return fixture{kind: "ingress:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name: name, inputs: inputs}
}

func (f fixture) urn() string {
	component, kind, _ := strings.Cut(f.kind, ":")

	return "urn:pulumi:e::platform::platform:" + component + ":C$aws:" + kind + "::" + f.name
}

// golden returns the golden graph of an environment.
func golden(t *testing.T, fixtures []fixture) *fstest.MapFile {
	t.Helper()

	urns := make(map[string]string)
	for _, f := range fixtures {
		urns[f.name] = f.urn()
	}

	resources := make([]resource, 0, len(fixtures))
	for _, f := range fixtures {
		_, kind, _ := strings.Cut(f.kind, ":")
		r := resource{URN: f.urn(), ID: f.name, Type: "aws:" + kind, Inputs: f.inputs}

		for _, needed := range f.needs {
			r.Dependencies = append(r.Dependencies, urns[needed])
		}

		resources = append(resources, r)
	}

	content, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": resources}})
	require.NoError(t, err)

	return &fstest.MapFile{Data: content}
}

const architecturePage = "docs/architecture.md"

// repository returns a page with markers, and two environments.
func repository(t *testing.T, sandbox, staging []fixture) fstest.MapFS {
	t.Helper()

	const page = "# Before\n<!-- drawing: needs -->\nold\n<!-- end of drawing -->\n" +
		"<!-- drawing: network -->\nold\n<!-- end of drawing -->\n"

	return fstest.MapFS{
		architecturePage:               {Data: []byte(page + "After\n")},
		"stacks/testdata/sandbox.json": golden(t, sandbox),
		"stacks/testdata/staging.json": golden(t, staging),
	}
}

func TestDrawingsShowTheGoldenGraphs(t *testing.T) {
	t.Parallel()

	sandbox := slices.DeleteFunc(small(), func(f fixture) bool { return f.name == "app-flights" })

	page, err := architecture(repository(t, sandbox, small()))
	require.NoError(t, err)

	for _, line := range []string{
		"# Before", "After", "```mermaid\nflowchart LR",
		`app["cluster:<br/>identities of applications"]`, `app -->|"Instance"| database`,
		`database -->|"Key"| encryption`,
		`subgraph vpc["VPC 10.0.0.0/16"]`, `subgraph zone_x_1a["zone x-1a"]`,
		`network_public_a["public subnet 10.0.0.0/24 public<br/>NAT gateway"]`,
		`subgraph network_private_a["private subnet 10.0.0.0/24 private"]`,
		`cluster_nodes_general_a["nodes general-a<br/>1 to 2 t4g.large<br/>on demand"]`,
		`network_data_a["data subnet 10.0.0.0/24 data<br/>of the database<br/>no way out"]`,
		`balancer["network load balancer<br/>an address in 1 public subnets"]`,
		`s3["gateway endpoint<br/>of s3"]`, "network_private_a -.-> s3",
		`mysql[("MySQL 8.4<br/>db.x<br/>and a standby in another zone")]`,
		`network_private_a -.->|"0.0.0.0/0"| network_public_a`, `network_public_a -.->|"0.0.0.0/0"| out`,
		`internet -->|"443"| balancer`, `balancer -->|"30443"| cluster_nodes_general_a`,
		`cluster_nodes_general_a -->|"3306"| mysql`,
	} {
		assert.Contains(t, string(page), line+"\n")
	}

	for _, word := range []string{"old", "nat_address"} {
		assert.NotContains(t, string(page), word)
	}
}

func TestDrawingFailsOnUnknownResources(t *testing.T) {
	t.Parallel()

	for name, more := range map[string]fixture{
		"peering":      {kind: "network:ec2/vpcPeeringConnection:VpcPeeringConnection", name: "peering"},
		"192.0.2.0/24": rule("office", map[string]any{"cidrIpv4": "192.0.2.0/24"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := architecture(repository(t, small(), append(small(), more)))
			assert.ErrorContains(t, err, name)
		})
	}

	spare := fixture{kind: "network:ec2/subnet:Subnet", name: "network-spare-a"}
	page, err := architecture(repository(t, small(), append(small(), spare)))
	require.NoError(t, err)
	assert.Contains(t, string(page), `network_spare_a["spare subnet`, "every subnet is drawn, whatever its tier")

	withoutNAT := slices.DeleteFunc(small(), func(f fixture) bool { return f.name == "nat" })
	_, err = architecture(repository(t, small(), withoutNAT))
	assert.ErrorContains(t, err, `no resource with the ID "nat"`)
}

func TestDrawingFailsOnBadFiles(t *testing.T) {
	t.Parallel()

	for mentioned, change := range map[string]func(fstest.MapFS){
		"the drawings []": func(files fstest.MapFS) { files[architecturePage].Data = []byte("# Before\n") },
		`["needs" "other"]`: func(files fstest.MapFS) {
			page := string(files[architecturePage].Data)
			files[architecturePage].Data = []byte(strings.Replace(page, "drawing: network", "drawing: other", 1))
		},
		"reading the page":             func(files fstest.MapFS) { delete(files, architecturePage) },
		"stacks/testdata/staging.json": func(files fstest.MapFS) { files["stacks/testdata/staging.json"].Data = nil },
		"no golden graph of staging":   func(files fstest.MapFS) { delete(files, "stacks/testdata/staging.json") },
	} {
		t.Run(mentioned, func(t *testing.T) {
			t.Parallel()

			files := repository(t, small(), small())
			change(files)

			_, err := architecture(files)
			assert.ErrorContains(t, err, mentioned)
		})
	}
}

func TestEveryComponentOfAnEnvironmentIsDrawn(t *testing.T) {
	t.Parallel()

	graphs, err := readGraphs(os.DirFS(root), goldens)
	require.NoError(t, err)

	drawing := drawNeeds(graphs)

	for _, g := range graphs {
		for _, r := range g.resources {
			if name := componentOf(r.URN); name != "" {
				assert.Contains(t, drawing, "  "+name+"[")
			}
		}
	}
}
