package cost

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/state"
)

// bill collects the charges of a stack.
type bill struct {
	prices   map[string]price
	known    *state.State
	assumed  map[string]Assumption
	now      time.Time
	resource state.Resource
	items    []Item
	unknown  []string
	// pools is what the nodes of all pools cost at the pools' limits.
	pools float64
}

// charges returns the charge of each type that costs something.
func charges() map[string]func(*bill) {
	return map[string]func(*bill){
		"aws:cloudwatch/logGroup:LogGroup": (*bill).logs,
		"aws:ec2/eip:Eip":                  func(b *bill) { b.charge("ec2.publicIpv4", hours) },
		"aws:ec2/natGateway:NatGateway": func(b *bill) {
			b.charge("ec2.natGateway", hours)
			b.charge("ec2.natGateway.data", b.assume("natGB"))
		},
		"aws:ec2/vpcEndpoint:VpcEndpoint": func(b *bill) {
			if b.resource.Inputs["vpcEndpointType"] == "Interface" {
				b.charge("ec2.interfaceEndpoint", hours*b.subnets("subnetIds"))
			}
		},
		"aws:ecr/repository:Repository":    func(b *bill) { b.charge("ecr.storage", b.assume("imagesGB")) },
		"aws:eks/cluster:Cluster":          (*bill).cluster,
		"aws:eks/nodeGroup:NodeGroup":      (*bill).nodes,
		"aws:kms/key:Key":                  (*bill).key,
		"aws:lb/loadBalancer:LoadBalancer": (*bill).balancer,
		"aws:rds/instance:Instance":        (*bill).database,
		"aws:route53/zone:Zone":            func(b *bill) { b.charge("route53.hostedZone", 1) },
		"aws:s3/bucketV2:BucketV2":         func(b *bill) { b.charge("s3.storage", b.assume("stateGB")) },
		"aws:elasticache/replicationGroup:ReplicationGroup": func(b *bill) {
			b.charge("elasticache."+b.text("engine")+"."+b.text("nodeType"), hours*b.number("numCacheClusters", 1))
		},
		"kubernetes:karpenter.sh/v1:NodePool": (*bill).pool,
	}
}

const (
	// year is how long logs without a retention period are counted, in days.
	year = 365
	days = 30
)

func (b *bill) logs() {
	written := b.assume("logsGB")
	if strings.HasPrefix(b.text("name"), "/aws/eks/") {
		written = b.assume("controlPlaneLogsGB")
	}

	b.charge("cloudwatch.logs.ingestion", written)
	b.charge("cloudwatch.logs.storage", written*min(b.number("retentionInDays", year), year)/days)
}

func (b *bill) cluster() {
	ends, known := facts.SupportEnds()[b.text("version")]
	if known && b.now.After(ends.AddDate(0, 0, 1)) {
		b.charge("eks.cluster.extendedSupport", hours)
	} else {
		b.charge("eks.cluster", hours)
	}
}

// nodes charges the desired number of the first instance type, with their disks.
func (b *bill) nodes() {
	count := b.number("scalingConfig.desiredSize", 0)

	b.chargeNodes(b.text("instanceTypes[0]"), count, b.text("capacityType") == "SPOT")

	for _, template := range b.used("aws:ec2/launchTemplate:LaunchTemplate") {
		size, _ := state.Input(template, "blockDeviceMappings[0].ebs.volumeSize").(float64)
		b.charge("ebs.gp3", size*count)
	}
}

// pool charges the assumed number of nodes, of the first family or type, with their disks. The disks have the default
// size of EKS's nodes.
func (b *bill) pool() {
	const diskGiB = 20

	instanceType, spot := "", false

	requirements, _ := state.Input(b.resource, "spec.template.spec.requirements").([]any)
	for _, one := range requirements {
		requirement, _ := one.(map[string]any)
		values, _ := requirement["values"].([]any)

		switch requirement["key"] {
		case "karpenter.k8s.aws/instance-family":
			instanceType = fmt.Sprintf("%v.large", values[0])
		case "node.kubernetes.io/instance-type":
			instanceType = fmt.Sprint(values[0])
		case "karpenter.sh/capacity-type":
			spot = slices.Contains(values, any("spot"))
		}
	}

	count := b.assume("poolNodes")
	b.chargeNodes(instanceType, count, spot)
	b.charge("ebs.gp3", diskGiB*count)

	vcpus, _ := strconv.Atoi(b.text("spec.limits.cpu"))
	memory, _ := strconv.Atoi(strings.TrimSuffix(b.text("spec.limits.memory"), "Gi"))

	if offered, known := facts.AllocatableOf(instanceType); known {
		most := float64(offered.Within(vcpus, memory))
		b.pools += most * (hours*b.nodeUSD(instanceType, spot) + diskGiB*b.prices["ebs.gp3"].usd)
	}
}

// chargeNodes charges instances. Spot instances cost a share of the price.
func (b *bill) chargeNodes(instanceType string, count float64, spot bool) {
	before := len(b.items)
	b.charge("ec2."+instanceType, hours*count)

	for i := range b.items[before:] {
		item := &b.items[before+i]
		item.UnitUSD = b.nodeUSD(instanceType, spot)
		item.MonthlyUSD = item.Quantity * item.UnitUSD

		if spot {
			item.Title += ", spot"
		}
	}
}

// nodeUSD returns the price of an instance for an hour.
func (b *bill) nodeUSD(instanceType string, spot bool) float64 {
	usd := b.prices["ec2."+instanceType].usd
	if spot {
		usd *= b.assume("spotShare")
	}

	return usd
}

func (b *bill) key() {
	b.charge("kms.key", 1)
	b.charge("kms.requests", b.assume("keyRequests")/10_000)
}

// balancer charges a load balancer, an address in each of its subnets, and traffic between the zones.
func (b *bill) balancer() {
	zones := b.subnets("subnets")

	b.charge("elb.networkLoadBalancer", hours)
	b.charge("elb.networkLoadBalancer.capacity", hours*b.assume("balancerLCU"))

	if b.resource.Inputs["internal"] != true {
		b.charge("ec2.publicIpv4", hours*zones)
	}

	if zones > 1 {
		const directions = 2

		b.charge("ec2.crossAz", directions*b.assume("crossZoneGB"))
	}
}

// database charges an instance and its disk, both twice with a standby, and the secret with the admin's password.
func (b *bill) database() {
	copies := 1.0
	if b.resource.Inputs["multiAz"] == true {
		copies = 2
	}

	b.charge("rds.mysql."+b.text("instanceClass"), hours*copies)
	b.charge("rds.gp3", b.number("allocatedStorage", 0)*copies)

	if b.resource.Inputs["manageMasterUserPassword"] == true {
		b.charge("secretsmanager.secret", 1)
	}
}

// charge adds a charge for a quantity.
func (b *bill) charge(name string, quantity float64) {
	found, known := b.prices[name]
	if !known {
		b.unknown = append(b.unknown, name)

		return
	}

	if quantity == 0 {
		return
	}

	b.items = append(b.items, Item{
		URN: b.resource.URN, Component: b.known.Component(b.resource), Price: name, Title: found.title,
		Quantity: quantity, Unit: found.unit, UnitUSD: found.usd, MonthlyUSD: quantity * found.usd, Checked: found.checked,
	})
}

func (b *bill) assume(name string) float64 { return b.assumed[name].Value }

func (b *bill) text(property string) string {
	value, _ := state.Input(b.resource, property).(string)

	return value
}

func (b *bill) number(property string, otherwise float64) float64 {
	if value, ok := state.Input(b.resource, property).(float64); ok {
		return value
	}

	return otherwise
}

// subnets returns the number of subnets in a property. Before a run, a list of new subnets is unknown, but not what it
// refers to.
func (b *bill) subnets(property string) float64 {
	if elements, ok := state.Input(b.resource, property).([]any); ok {
		return float64(len(elements))
	}

	count := 0.0

	for _, urn := range b.resource.PropertyDependencies[resource.PropertyKey(property)] {
		if urn.Type() == "aws:ec2/subnet:Subnet" {
			count++
		}
	}

	return count
}

// used returns the resources of a type that the resource depends on.
func (b *bill) used(resourceType string) []state.Resource {
	return slices.DeleteFunc(slices.Clone(b.known.Resources), func(r state.Resource) bool {
		return string(r.Type) != resourceType || !slices.Contains(b.resource.Dependencies, r.URN)
	})
}
