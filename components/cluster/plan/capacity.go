package plan

// surge is the number of nodes that an update in place adds to a group. EKS raises the desired and the maximum size of
// the autoscaling group by twice the number of its zones, or by maxUnavailable if that is larger (Amazon EKS User
// Guide, "Understand each phase of node updates"). Our groups have one zone, and maxUnavailable is 1.
const surge = 2

// Peak is the largest number of nodes that the group can have. An update in place adds nodes before it drains one, and
// a replacement creates a second group before it deletes the first. Max limits neither.
func (g NodeGroup) Peak() int { return g.Min + max(g.Min, surge) }

// VCPUs returns the number of vCPUs of the group's largest instance type, and the types that RoomFile lacks, which it
// ignores. The kubelet reserves less than one of them.
func (g NodeGroup) VCPUs() (int, []string) {
	const millicores = 1000

	var (
		largest int
		unknown []string
	)

	offered := decoded[rooms](allocatableYAML)

	for _, name := range g.InstanceTypes {
		each, known := offered.of(name)
		if !known {
			unknown = append(unknown, name)
		}

		largest = max(largest, (each.CPU+millicores-1)/millicores)
	}

	return largest, unknown
}
