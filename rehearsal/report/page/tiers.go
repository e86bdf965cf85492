package page

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/report"
)

// drawZones draws the VPC with a column for each zone.
func (d *drawing) drawZones() {
	seen := make(map[string]bool)
	for _, subnet := range d.all(typeSubnet) {
		seen[text(subnet, "availabilityZone")] = true
	}

	d.zones = slices.Sorted(maps.Keys(seen))
	if len(d.zones) == 0 {
		d.zones = []string{"subnets of another owner's VPC"}
	}

	var vpc report.Resource

	title := "VPC of another owner"
	if all := d.all(typeVPC); len(all) > 0 {
		vpc, title = all[0], "VPC "+text(all[0], "cidrBlock")
	}

	d.VPC = d.box(vpc, "vpc", inset, vpcTop, pictureWidth-2*inset, pictureHeight-vpcTop-inset, title)

	for i, zone := range d.zones {
		d.Zones = append(d.Zones, label{d.column(i) + d.width()/2, tierPublic - 12, zone})
	}

	d.Tiers = []label{
		{inset * 2, tierPublic + 24, "public"},
		{inset * 2, tierPrivate + 24, "private"},
		{inset * 2, tierData + 24, "data"},
	}
}

// column is the left edge of a zone's column, and width is its width.
func (d *drawing) column(zone int) int { return left + zone*(d.width()+gap) }

func (d *drawing) width() int { return (columns - (len(d.zones)-1)*gap) / len(d.zones) }

// subnets draws the subnets of a tier, which is a word in their names, and calls inside for what is in each.
func (d *drawing) subnets(tier string, y, h int, inside func(subnet report.Resource, x, y, w int)) {
	for _, subnet := range d.all(typeSubnet) {
		if !strings.Contains(subnet.URN.Name(), "-"+tier+"-") {
			continue
		}

		x := d.column(slices.Index(d.zones, text(subnet, "availabilityZone")))
		d.add(subnet, "subnet "+tier, x, y, d.width(), h, text(subnet, "cidrBlock"))

		if inside != nil {
			inside(subnet, x+inset, y+marginOfTheTier, d.width()-2*inset)
		}
	}
}

func (d *drawing) drawPublic() {
	for _, gateway := range d.all(typeGateway) {
		d.add(gateway, "edge", left, inset, 230, heightTop, "internet gateway")
	}

	for _, cluster := range d.all(typeCluster) {
		d.add(cluster, "cluster", left+244, inset, 400, heightTop, "EKS "+text(cluster, "version")+", run by AWS",
			"API server: "+endpoint(cluster))
	}

	// The arrow from the load balancer to the nodes passes on the right.
	d.subnets("public", tierPublic, heightPublic, func(subnet report.Resource, x, y, w int) {
		for _, nat := range d.all(typeNAT) {
			if slices.Contains(nat.References["subnetId"], subnet.URN) {
				d.add(nat, "edge", x, y-4, w*3/4, 34, titleNAT)
			}
		}
	})

	for _, balancer := range d.all(typeBalancer) {
		d.add(balancer, "balancer", left+inset, topOfBalancer, columns-2*inset, heightBar-2,
			"network load balancer", fmt.Sprintf("an address in each of %d zones", len(d.zones)))
	}
}

func (d *drawing) drawPrivate() {
	d.subnets("private", tierPrivate, heightPrivate, func(subnet report.Resource, x, y, w int) {
		groups := slices.DeleteFunc(d.all(typeNodes), func(group report.Resource) bool {
			return !slices.Contains(group.References["subnetIds"], subnet.URN)
		})

		for i, group := range groups {
			width := (w - (len(groups)-1)*gap/2) / len(groups)
			d.add(group, "nodes", x+i*(width+gap/2), y, width, heightNodes, "nodes", sizes(group),
				list(group.Properties["instanceTypes"]))
		}
	})

	carriers := slices.Concat(d.all(typePool), d.all(typeApplications), d.all(typeCluster))
	d.add(carriers[0], "nodes", left+inset, tierPrivate+marginOfTheTier+heightNodes+12, columns-2*inset, heightWideBar+38,
		"on the nodes", append([]string{enumerate(d.workloads())}, d.pools()...)...)
}

// workloads are what runs on the nodes, as far as the program deploys it.
func (d *drawing) workloads() []string {
	var names []string

	for _, release := range d.all(typeRelease) {
		if name := path.Base(text(release, "chart")); !strings.HasSuffix(name, "-crd") { // such a chart has no pods
			names = append(names, name)
		}
	}

	for _, set := range d.all(typeApplications) {
		spec, _ := set.Properties["spec"].(map[string]any)
		generators, _ := spec["generators"].([]any)

		for _, generator := range generators {
			list, _ := generator.(map[string]any)
			elements, _ := list["list"].(map[string]any)
			members, _ := elements["elements"].([]any)

			for _, member := range members {
				fields, _ := member.(map[string]any)
				if name, ok := fields["name"].(string); ok {
					names = append(names, name)
				}
			}
		}
	}

	return names
}

// enumerate lists names as far as they fit on a line.
func enumerate(names []string) string {
	const most = 10

	if len(names) > most {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("and %d more", len(names)-most))
	}

	return strings.Join(names, ", ")
}

// pools describes what Karpenter may launch, in a line for each of the first two pools.
func (d *drawing) pools() []string {
	const most = 2

	var lines []string

	for _, pool := range d.all(typePool) {
		spec, _ := pool.Properties["spec"].(map[string]any)
		limit, _ := spec["limits"].(map[string]any)
		metadata, _ := pool.Properties["metadata"].(map[string]any)
		lines = append(lines, fmt.Sprintf("Karpenter adds nodes for %v: %s; at most %v vCPUs, %v of memory", metadata["name"],
			strings.Join(requirements(spec), ", "), limit["cpu"], limit["memory"]))
	}

	if len(lines) > most {
		lines = append(lines[:most-1], fmt.Sprintf("and for %d more pools", len(lines)-most+1))
	}

	return lines
}

// requirements returns the families or types of a pool's nodes, and spot if they may be.
func requirements(pool map[string]any) []string {
	var found []string

	template, _ := pool["template"].(map[string]any)
	spec, _ := template["spec"].(map[string]any)
	all, _ := spec["requirements"].([]any)

	for _, one := range all {
		requirement, _ := one.(map[string]any)

		switch requirement["key"] {
		case "karpenter.k8s.aws/instance-family", "node.kubernetes.io/instance-type", "karpenter.sh/capacity-type":
			found = append(found, strings.ReplaceAll(list(requirement["values"]), ", ", " or "))
		}
	}

	return found
}

func (d *drawing) drawData() {
	d.subnets("data", tierData, heightData, nil)

	const stores = 2

	half := (columns - 2*inset - gap) / stores

	for _, database := range d.all(typeDatabase) {
		standby := "no standby"
		if database.Properties["multiAz"] == true {
			standby = "with a standby in another zone"
		}

		d.add(database, "store", left+inset, tierData+marginOfTheTier+6, half, heightWideBar+16,
			"MySQL "+text(database, "engineVersion"), text(database, "instanceClass"), standby)
	}

	for _, cache := range d.all(typeCache) {
		d.add(cache, "store", left+inset+half+gap, tierData+marginOfTheTier+6, half, heightWideBar+16,
			"Valkey "+text(cache, "engineVersion"),
			fmt.Sprintf("%v × %s", cache.Properties["numCacheClusters"], text(cache, "nodeType")), "")
	}
}

func text(known report.Resource, property string) string {
	value, _ := known.Properties[property].(string)

	return value
}

// sizes returns the number of nodes of a group.
func sizes(group report.Resource) string {
	scaling, _ := group.Properties["scalingConfig"].(map[string]any)

	capacity := "on demand"
	if text(group, "capacityType") == "SPOT" {
		capacity = "spot"
	}

	return fmt.Sprintf("%v to %v, %s", scaling["minSize"], scaling["maxSize"], capacity)
}

// list joins the elements of a list.
func list(value any) string {
	elements, _ := value.([]any)

	texts := make([]string, 0, len(elements))
	for _, element := range elements {
		texts = append(texts, fmt.Sprint(element))
	}

	return strings.Join(texts, ", ")
}

// endpoint says who reaches the API server.
func endpoint(cluster report.Resource) string {
	access, _ := cluster.Properties["vpcConfig"].(map[string]any)
	if access["endpointPublicAccess"] == false {
		return "only from the VPC"
	}

	return "from the VPC and " + list(access["publicAccessCidrs"])
}
