package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/report"
)

// picture is the platform as deployed: zones are columns, and tiers are rows. Positions are in pixels.
type picture struct {
	Width, Height int
	// Marked is true if some boxes show what the plan does to them.
	Marked bool
	VPC    box
	Zones  []label
	Tiers  []label
	Boxes  []box
	Arrows []arrow
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

// arrow points from Y1 to Y2. Head is the length of its head, which is negative if it points up.
type arrow struct {
	X, Y1, Y2, LabelY, Head int
	Text                    string
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
	typeEgress       = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	typeRule         = "aws:ec2/securityGroupRule:SecurityGroupRule"
	typeApplications = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
	typePool         = "kubernetes:karpenter.sh/v1:NodePool"
	typeRelease      = "kubernetes:helm.sh/v3:Release"
)

// The grid of the picture, in pixels.
const (
	left, gap       = 90, 14
	vpcTop          = 84
	heightTop       = 54
	columns         = 870 // of all zones together
	lineHeight      = 18
	inset           = 12
	tierPublic      = 138
	tierPrivate     = tierPublic + 158
	tierData        = tierPrivate + 254
	pictureHeight   = tierData + 170
	heightPublic    = 132
	heightPrivate   = 226
	heightData      = 128
	heightBar       = 52
	heightWideBar   = 62
	pictureWidth    = left + columns + 24
	heightNodes     = 74
	marginOfTheTier = 34
	topOfBalancer   = tierPublic + marginOfTheTier + 38
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

	for _, changed := range r.Changed() {
		d.marks[changed.URN] = newChange(changed)
	}

	if d.isNew() {
		clear(d.marks) // they would tell nothing
	}

	d.Marked = len(d.marks) > 0

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

// isNew reports whether the run creates all resources.
func (d *drawing) isNew() bool {
	created := 0

	for _, marked := range d.marks {
		if marked.Word == "create" || marked.Word == "import" {
			created++
		}
	}

	return created > 0 && created == countInAccount(d.report)
}

// all returns the resources of a type by name.
func (d *drawing) all(resourceType string) []report.Resource {
	var found []report.Resource

	for _, known := range slices.Concat(d.report.Resources, d.report.Deleted) {
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
