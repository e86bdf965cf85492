package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestTheDrawingsAreWhatTheProgramIs(t *testing.T) {
	t.Parallel()

	packages, err := list(root)
	require.NoError(t, err)

	want, err := generate(os.DirFS(root), packages)
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, target))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, got), "%s is not what the program is: run make generate", target)
}

// held is a resource of a small environment.
type held struct {
	kind, name string
	inputs     map[string]any
	needs      []string
}

// small is an environment with a subnet of each tier in one zone.
func small() []held {
	subnet := func(tier string) held {
		return held{kind: "network:ec2/subnet:Subnet", name: "network-" + tier + "-a", inputs: map[string]any{
			"availabilityZone": "x-1a", "cidrBlock": "10.0.0.0/24 " + tier,
		}}
	}
	route := func(tier, gateway, id string) []held {
		return []held{
			{kind: "network:ec2/route:Route", name: tier, inputs: map[string]any{
				"routeTableId": tier, gateway: id, "destinationCidrBlock": "0.0.0.0/0",
			}},
			{kind: "network:ec2/routeTableAssociation:RouteTableAssociation", name: tier, inputs: map[string]any{
				"routeTableId": tier, "subnetId": "network-" + tier + "-a",
			}},
		}
	}

	return slices.Concat([]held{
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

func rule(name string, inputs map[string]any) held {
	return held{kind: "ingress:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name: name, inputs: inputs}
}

// urn is that of a resource of a component.
func (h held) urn() string {
	component, kind, _ := strings.Cut(h.kind, ":")

	return "urn:pulumi:e::platform::platform:" + component + ":C$aws:" + kind + "::" + h.name
}

// golden writes an environment as its golden graph is written. Its resources have their names for ids.
func golden(t *testing.T, all []held) *fstest.MapFile {
	t.Helper()

	urns := make(map[string]string)
	for _, h := range all {
		urns[h.name] = h.urn()
	}

	resources := make([]resource, 0, len(all))
	for _, h := range all {
		_, kind, _ := strings.Cut(h.kind, ":")
		r := resource{URN: h.urn(), ID: h.name, Type: "aws:" + kind, Inputs: h.inputs}

		for _, needed := range h.needs {
			r.Dependencies = append(r.Dependencies, urns[needed])
		}

		resources = append(resources, r)
	}

	text, err := json.Marshal(map[string]any{"deployment": map[string]any{"resources": resources}})
	require.NoError(t, err)

	return &fstest.MapFile{Data: text}
}

// repository has a document with markers, and two environments.
func repository(t *testing.T, sandbox, staging []held) fstest.MapFS {
	t.Helper()

	var document strings.Builder

	document.WriteString("# Before\n")

	for _, name := range []string{"imports", "needs", "network"} {
		document.WriteString("<!-- drawing: " + name + " -->\nold\n<!-- end of drawing -->\n")
	}

	return fstest.MapFS{
		target:                         {Data: []byte(document.String() + "After\n")},
		"stacks/testdata/sandbox.json": golden(t, sandbox),
		"stacks/testdata/staging.json": golden(t, staging),
	}
}

func TestWhatIsDrawn(t *testing.T) {
	t.Parallel()

	packages := imports{
		"infra": {"stacks"}, "stacks": {"components/network/layout"}, "components/network/layout": nil,
		"components/graphtest": nil,
	}

	sandbox := slices.DeleteFunc(small(), func(h held) bool { return h.name == "app-flights" })

	text, err := generate(repository(t, sandbox, small()), packages)
	require.NoError(t, err)

	for _, line := range []string{
		"# Before", "After", "```mermaid\nflowchart LR",
		`subgraph in_components["components: one for each concern"]`,
		`components_network_layout["network/layout"]`, "stacks --> components_network_layout",
		`app["cluster:<br/>identities of applications"]`, `app -->|"Instance (staging)"| database`,
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
		assert.Contains(t, string(text), line+"\n")
	}

	for _, word := range []string{"old", "graphtest", "nat_address"} {
		assert.NotContains(t, string(text), word)
	}
}

func TestWhatCannotBeDrawnIsAnError(t *testing.T) {
	t.Parallel()

	for says, more := range map[string]held{
		"peering is a VpcPeeringConnection": {kind: "network:ec2/vpcPeeringConnection:VpcPeeringConnection", name: "peering"},
		"network-spare-a is of no tier":     {kind: "network:ec2/subnet:Subnet", name: "network-spare-a"},
		`office lets in "192.0.2.0/24"`:     rule("office", map[string]any{"cidrIpv4": "192.0.2.0/24"}),
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()

			_, err := generate(repository(t, small(), append(small(), more)), nil)
			assert.ErrorContains(t, err, says)
		})
	}

	closed := slices.DeleteFunc(small(), func(h held) bool { return h.name == "nat" })
	_, err := generate(repository(t, small(), closed), nil)
	assert.ErrorContains(t, err, `where the route private leads: the golden graph has no resource with the id "nat"`)
}

func TestMarkersAndDrawingsAreTheSame(t *testing.T) {
	t.Parallel()

	for says, change := range map[string]func(fstest.MapFS){
		"no markers for the drawing imports": func(files fstest.MapFS) { files[target].Data = []byte("# Before\n") },
		"markers of drawings that there are not: other": func(files fstest.MapFS) {
			files[target].Data = bytes.Replace(files[target].Data, []byte("drawing: network"), []byte("drawing: other"), 1)
		},
		"opening the document":              func(files fstest.MapFS) { delete(files, target) },
		"the golden graph of staging":       func(files fstest.MapFS) { files["stacks/testdata/staging.json"].Data = nil },
		"stacks/testdata/sandbox.json: fil": func(files fstest.MapFS) { delete(files, "stacks/testdata/sandbox.json") },
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()

			files := repository(t, small(), small())
			change(files)

			_, err := generate(files, nil)
			assert.ErrorContains(t, err, says)
		})
	}
}

func TestAFolderWithoutPackagesIsAnError(t *testing.T) {
	t.Parallel()

	_, err := list(t.TempDir())
	assert.ErrorContains(t, err, "listing the packages")
}

func TestEveryComponentIsDrawn(t *testing.T) {
	t.Parallel()

	graphs := make(map[string]*graph)
	components := make(map[string]bool)

	for _, environment := range environments() {
		read, err := readGraph(os.DirFS(root), environment)
		require.NoError(t, err)

		graphs[environment] = read

		for _, r := range read.resources {
			components[r.component()] = true
		}
	}

	delete(components, "")

	entries, err := fs.ReadDir(os.DirFS(root), "components")
	require.NoError(t, err)

	drawing := drawComponents(graphs)

	for _, entry := range entries {
		name := entry.Name()
		// A component with a golden graph of its own is one that no environment has, and drawings show environments.
		_, err := fs.Stat(os.DirFS(root), "components/"+name+"/testdata/"+name+".json")

		if name != "graphtest" && name != "internal" && err != nil {
			assert.Contains(t, slices.Collect(maps.Keys(components)), name)
			assert.Contains(t, drawing, "  "+name+"[")
		}
	}
}
