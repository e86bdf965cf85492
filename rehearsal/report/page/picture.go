package page

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/report"
)

// picture is the platform as deployed: zones are columns, and tiers are rows. Positions are in pixels.
type picture struct {
	Width, Height int
	VPC           box
	Zones         []label
	Tiers         []label
	Boxes         []box
	Arrows        []arrow
	// Internet is where the internet's label is.
	Internet int
	// Style is set in a file of its own.
	Style template.CSS
	// Allowed are the connections that security groups allow.
	Allowed []allowed
	Summary string
}

type label struct {
	X, Y int
	Text string
}

// box is a resource. Mark is what the plan does to it.
type box struct {
	X, Y, W, H          int
	Class, Anchor       string
	Title, Mark, Word   string
	Lines               []string
	LineX, TitleY, Line int
}

type arrow struct {
	X, Y1, Y2 int
	Text      string
}

type allowed struct{ From, To, Ports string }

const (
	typeVPC          = "aws:ec2/vpc:Vpc"
	typeSubnet       = "aws:ec2/subnet:Subnet"
	typeNAT          = "aws:ec2/natGateway:NatGateway"
	typeGateway      = "aws:ec2/internetGateway:InternetGateway"
	typeEndpoint     = "aws:ec2/vpcEndpoint:VpcEndpoint"
	typeNodes        = "aws:eks/nodeGroup:NodeGroup"
	typeTemplate     = "aws:ec2/launchTemplate:LaunchTemplate"
	typeCluster      = "aws:eks/cluster:Cluster"
	typeBalancer     = "aws:lb/loadBalancer:LoadBalancer"
	typeDatabase     = "aws:rds/instance:Instance"
	typeCache        = "aws:elasticache/replicationGroup:ReplicationGroup"
	typeGroup        = "aws:ec2/securityGroup:SecurityGroup"
	typeIngress      = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	typeApplications = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
	typeRelease      = "kubernetes:helm.sh/v3:Release"
)

// The grid of the picture, in pixels.
const (
	left, gap       = 90, 14
	vpcTop          = 64
	columns         = 870 // of all zones together
	lineHeight      = 18
	inset           = 12
	tierPublic      = 118
	tierPrivate     = tierPublic + 158
	tierData        = tierPrivate + 236
	pictureHeight   = tierData + 170
	heightPublic    = 132
	heightPrivate   = 208
	heightData      = 128
	heightBar       = 52
	heightWideBar   = 62
	pictureWidth    = left + columns + 24
	heightNodes     = 74
	marginOfTheTier = 34
)

// drawing draws a report.
type drawing struct {
	*picture

	report *report.Report
	marks  map[resource.URN]change
	zones  []string
}

// newPicture returns nil if there is no cluster to draw.
func newPicture(r *report.Report) *picture {
	d := &drawing{
		picture: &picture{Width: pictureWidth, Height: pictureHeight}, report: r, marks: make(map[resource.URN]change),
	}

	for _, step := range r.Plan {
		d.marks[step.URN] = newChange(step)
	}

	if len(d.all(typeCluster)) == 0 {
		return nil
	}

	d.drawZones()
	d.drawPublic()
	d.drawPrivate()
	d.drawData()
	d.connect()

	d.Summary = fmt.Sprintf(
		"The platform in the zones %s. Node groups: %d, databases: %d, caches: %d, load balancers: %d.",
		strings.Join(d.zones, ", "), len(d.all(typeNodes)), len(d.all(typeDatabase)), len(d.all(typeCache)),
		len(d.all(typeBalancer)))

	return d.picture
}

// all returns the resources of a type by name.
func (d *drawing) all(resourceType string) []report.Resource {
	var found []report.Resource

	for _, known := range d.report.Resources {
		if known.Type == resourceType {
			found = append(found, known)
		}
	}

	slices.SortFunc(found, func(a, b report.Resource) int { return cmp.Compare(a.URN.Name(), b.URN.Name()) })

	return found
}

// add adds a box for a resource.
func (d *drawing) add(known report.Resource, class string, x, y, w, h int, title string, lines ...string) {
	d.Boxes = append(d.Boxes, d.box(known, class, x, y, w, h, title, lines...))
}

func (d *drawing) box(known report.Resource, class string, x, y, w, h int, title string, lines ...string) box {
	b := box{
		X: x, Y: y, W: w, H: h, Class: class, Anchor: anchor(string(known.URN)), Title: title,
		Lines: slices.DeleteFunc(lines, func(line string) bool { return line == "" }),
		LineX: x + inset, TitleY: y + inset + lineHeight/2, Line: lineHeight,
	}

	if marked, ok := d.marks[known.URN]; ok {
		b.Mark, b.Word = marked.Mark, marked.Word
		b.Class += " " + marked.Word

		if marked.Loses {
			b.Class += " loss"
		}
	}

	return b
}

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
		d.add(gateway, "edge", left, 10, 240, 40, "internet gateway")
	}

	d.subnets("public", tierPublic, heightPublic, func(subnet report.Resource, x, y, w int) {
		for _, nat := range d.all(typeNAT) {
			if slices.Contains(nat.References["subnetId"], subnet.URN) {
				d.add(nat, "edge", x, y+heightBar+4, w, 34, "NAT gateway")
			}
		}
	})

	for _, balancer := range d.all(typeBalancer) {
		d.add(balancer, "balancer", left+inset, tierPublic+marginOfTheTier-4, columns-2*inset, heightBar-2,
			"network load balancer", fmt.Sprintf("an address in each of %d zones", len(d.zones)))
	}
}

func (d *drawing) drawPrivate() {
	used := make(map[resource.URN]int)

	d.subnets("private", tierPrivate, heightPrivate, func(subnet report.Resource, x, y, w int) {
		groups := slices.DeleteFunc(d.all(typeNodes), func(group report.Resource) bool {
			return !slices.Contains(group.References["subnetIds"], subnet.URN)
		})

		for i, group := range groups {
			width := (w - (len(groups)-1)*gap/2) / len(groups)
			d.add(group, "nodes", x+i*(width+gap/2), y, width, heightNodes, "nodes", sizes(group), machines(group))
		}

		used[subnet.URN] = len(groups)
	})

	for _, cluster := range d.all(typeCluster) {
		d.add(cluster, "cluster", left+inset, tierPrivate+marginOfTheTier+heightNodes+12, columns-2*inset, heightWideBar+20,
			"EKS "+text(cluster, "version"), "on the nodes: "+strings.Join(d.workloads(), ", "),
			"API server: "+endpoint(cluster))
	}
}

// workloads are what runs on the nodes, as far as the program deploys it.
func (d *drawing) workloads() []string {
	var names []string

	for _, release := range d.all(typeRelease) {
		names = append(names, text(release, "chart"))
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

// connect draws the connections that security groups allow between what the picture shows, and lists all of them.
func (d *drawing) connect() {
	owners := d.owners()
	ports := make(map[[2]string][]string)

	for _, rule := range d.all(typeIngress) {
		to := owners[first(rule.References["securityGroupId"])]
		from := owners[first(rule.References["referencedSecurityGroupId"])]

		if from == "" {
			from = cmp.Or(text(rule, "cidrIpv4"), text(rule, "cidrIpv6"), "another group")
		}

		port := fmt.Sprint(rule.Properties["fromPort"])
		if last := fmt.Sprint(rule.Properties["toPort"]); last != port {
			port += "–" + last
		}

		if rule.Properties["fromPort"] == nil {
			port = "all"
		}

		pair := [2]string{from, cmp.Or(to, "another group")}
		ports[pair] = append(ports[pair], port)
	}

	pairs := slices.SortedFunc(maps.Keys(ports), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, pair := range pairs {
		slices.Sort(ports[pair])
		d.Allowed = append(d.Allowed, allowed{pair[0], pair[1], strings.Join(slices.Compact(ports[pair]), ", ")})
	}

	d.arrows()
}

// owners returns what carries each security group.
func (d *drawing) owners() map[resource.URN]string {
	owners := make(map[resource.URN]string)

	for _, carried := range []struct{ resourceType, property, owner string }{
		{typeBalancer, "securityGroups", "load balancer"},
		{typeTemplate, "vpcSecurityGroupIds", "nodes"},
		{typeDatabase, "vpcSecurityGroupIds", "MySQL"},
		{typeCache, "securityGroupIds", "Valkey"},
	} {
		for _, carrier := range d.all(carried.resourceType) {
			for _, group := range carrier.References[carried.property] {
				if group.Type() == typeGroup && (owners[group] == "" || carried.owner != "nodes") {
					owners[group] = carried.owner
				}
			}
		}
	}

	return owners
}

// arrows draws the connections between neighbouring tiers.
func (d *drawing) arrows() {
	const half, thirds = 2, 3

	for _, connection := range d.Allowed {
		switch [2]string{connection.From, connection.To} {
		case [2]string{"0.0.0.0/0", "load balancer"}:
			d.Internet = d.column(len(d.zones)-1) + d.width()*2/thirds
			d.Arrows = append(d.Arrows, arrow{d.Internet, vpcTop - 24, tierPublic + marginOfTheTier - 4, connection.Ports})
		case [2]string{"load balancer", "nodes"}:
			for i := range d.zones {
				d.Arrows = append(d.Arrows, arrow{
					d.column(i) + d.width()*2/thirds, tierPublic + marginOfTheTier + heightBar - 6,
					tierPrivate + marginOfTheTier, connection.Ports,
				})
			}
		case [2]string{"nodes", "MySQL"}:
			d.Arrows = append(d.Arrows, arrow{
				left + columns/(half*half), tierPrivate + heightPrivate - 8, tierData + marginOfTheTier + 6, connection.Ports,
			})
		case [2]string{"nodes", "Valkey"}:
			d.Arrows = append(d.Arrows, arrow{
				left + columns*thirds/(half*half), tierPrivate + heightPrivate - 8, tierData + marginOfTheTier + 6,
				connection.Ports,
			})
		}
	}
}

func text(known report.Resource, property string) string {
	value, _ := known.Properties[property].(string)

	return value
}

func first(urns []resource.URN) resource.URN {
	if len(urns) == 0 {
		return ""
	}

	return urns[0]
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

func machines(group report.Resource) string {
	types, _ := group.Properties["instanceTypes"].([]any)

	names := make([]string, 0, len(types))
	for _, name := range types {
		names = append(names, fmt.Sprint(name))
	}

	return strings.Join(names, ", ")
}

// endpoint says who reaches the API server.
func endpoint(cluster report.Resource) string {
	access, _ := cluster.Properties["vpcConfig"].(map[string]any)
	if access["endpointPublicAccess"] == false {
		return "only from the VPC"
	}

	ranges, _ := access["publicAccessCidrs"].([]any)
	names := make([]string, 0, len(ranges))

	for _, cidr := range ranges {
		names = append(names, fmt.Sprint(cidr))
	}

	return "from the VPC and " + strings.Join(names, ", ")
}
