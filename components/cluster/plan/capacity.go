package plan

import (
	"regexp"
	"strconv"
)

// surge is how many nodes an update in place starts in a group. EKS raises the desired and the maximum size of the
// autoscaling group by twice the number of the group's zones, or by maxUnavailable where that is larger (Amazon EKS
// User Guide, "Understand each phase of node updates"). A group has one zone, and its maxUnavailable is 1.
const surge = 2

// Peak is the largest number of nodes that the group has: an update in place starts the surge before it drains a node,
// and a replacement starts a second group before it deletes the first. Max bounds neither.
func (g NodeGroup) Peak() int { return g.Min + max(g.Min, surge) }

// VCPUs returns the number of vCPUs of the group's largest instance type, and the types that VCPUsOf does not know:
// they do not count.
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

// families takes the type of a family with a known rule apart: a t family, and the size.
var families = regexp.MustCompile(`^(?:(t3|t3a|t4g)|[mcr][5-8][a-z]*(?:-flex)?)` +
	`\.(?:(nano|micro|small|medium|large)|(\d*)xlarge)$`)

// VCPUsOf returns the number of vCPUs of an EC2 instance type, if its family is t3, t3a or t4g, or m, c or r from the
// fifth generation to the eighth (Amazon EC2 Instance Types guide, "General purpose", "Compute optimized" and "Memory
// optimized"). In all of them the size xlarge has four vCPUs, 2xlarge eight, and so on; large has two. The smaller
// sizes of a t family have two as well; medium of the others has one. Bare metal follows no rule.
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
