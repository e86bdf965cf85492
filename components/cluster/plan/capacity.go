package plan

import (
	"regexp"
	"strconv"
)

// surge is the number of nodes that an update in place adds to a group. EKS raises the desired and the maximum size of
// the autoscaling group by twice the number of its zones, or by maxUnavailable if that is larger (Amazon EKS User
// Guide, "Understand each phase of node updates"). Our groups have one zone, and maxUnavailable is 1.
const surge = 2

// Peak is the largest number of nodes that the group can have. An update in place adds nodes before it drains one, and
// a replacement creates a second group before it deletes the first. Max limits neither.
func (g NodeGroup) Peak() int { return g.Min + max(g.Min, surge) }

// VCPUs returns the number of vCPUs of the group's largest instance type, and the types that VCPUsOf does not know,
// which it ignores.
func (g NodeGroup) VCPUs() (int, []string) {
	var (
		largest int
		unknown []string
	)

	for _, name := range g.InstanceTypes {
		count, known := VCPUsOf(name)
		if !known {
			unknown = append(unknown, name)
		}

		largest = max(largest, count)
	}

	return largest, unknown
}

// families matches instance types for which VCPUsOf has a rule, and captures a t family and the size.
var families = regexp.MustCompile(`^(?:(t3|t3a|t4g)|[mcr][5-8][a-z]*(?:-flex)?)` +
	`\.(?:(nano|micro|small|medium|large)|(\d*)xlarge)$`)

// VCPUsOf returns the number of vCPUs of an EC2 instance type, and whether it has a rule for the type (Amazon EC2
// Instance Types guide, "General purpose", "Compute optimized" and "Memory optimized"). It knows the families t3, t3a
// and t4g, and m, c and r from the fifth generation to the eighth: xlarge has four vCPUs, 2xlarge eight, and so on;
// large and the smaller sizes of a t family have two, medium of other families one. Bare metal follows no rule.
func VCPUsOf(name string) (int, bool) {
	const large, xlarge = 2, 4

	parts := families.FindStringSubmatch(name)
	if parts == nil {
		return 0, false
	}

	switch burstable, size := parts[1] != "", parts[2]; {
	case size == "large", size != "" && burstable:
		return large, true
	case size == "medium":
		return 1, true
	case size != "":
		return 0, false
	case parts[3] == "":
		return xlarge, true
	default:
		number, err := strconv.Atoi(parts[3])

		return xlarge * number, err == nil
	}
}
