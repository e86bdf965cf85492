package plan

import (
	"regexp"
	"slices"

	"github.com/msur/platform/internal/nodes"
)

// Families of instance types with NVIDIA GPUs, and with chips of AWS for machine learning (Amazon EC2 Instance Types
// guide, "Accelerated computing"). g4ad has GPUs of AMD.
var (
	nvidia = regexp.MustCompile(`^(p[3-9]|g4dn|g[5-9]|gr[6-9])`)
	neuron = regexp.MustCompile(`^(inf|trn)[1-9]`)
)

// imageOf is the type of the Amazon Linux 2023 image for an instance type (EKS API Reference, Nodegroup, amiType;
// Amazon EKS User Guide, "Use EKS-optimized accelerated AMIs for GPU instances"). AL2 has no image for Kubernetes 1.33
// and later.
func imageOf(instanceType string, architecture nodes.Architecture) string {
	if architecture == nodes.AMD64 {
		return "AL2023_x86_64_" + variantOf(instanceType)
	}

	return "AL2023_ARM_64_" + variantOf(instanceType)
}

// standard is the variant of the image for nodes without accelerators.
const standard = "STANDARD"

func variantOf(instanceType string) string {
	switch {
	case nvidia.MatchString(instanceType):
		return "NVIDIA"
	case neuron.MatchString(instanceType):
		return "NEURON"
	default:
		return standard
	}
}

// UsualMin is the minimum in the fix of a missing one: accelerated nodes, which cost most, are started deliberately.
func (k NodeKind) UsualMin() string {
	if slices.ContainsFunc(k.InstanceTypes, func(name string) bool { return variantOf(name) != standard }) {
		return "0"
	}

	return "1"
}

// Image is the type of the group's image in EKS's API, which all its instance types have.
func (g NodeGroup) Image() string { return imageOf(g.InstanceTypes[0], g.Architecture) }
