package plan

import (
	"regexp"
	"slices"
	"strings"
)

// Architecture is a processor architecture, as in the Kubernetes label kubernetes.io/arch.
type Architecture string

// The choices of Architecture.
const (
	// ARM64 is the architecture of AWS Graviton.
	ARM64 Architecture = "arm64"
	// AMD64 is the architecture of Intel and AMD processors.
	AMD64 Architecture = "amd64"
)

// Architectures returns every choice.
func Architectures() []Architecture { return []Architecture{ARM64, AMD64} }

// Families of instance types with NVIDIA GPUs, and with chips of AWS for machine learning (Amazon EC2 Instance Types
// guide, "Accelerated computing"). g4ad has GPUs of AMD.
var (
	nvidia = regexp.MustCompile(`^(p[3-9]|g4dn|g[5-9]|gr[6-9])`)
	neuron = regexp.MustCompile(`^(inf|trn)[1-9]`)
)

// imageOf is the type of the Amazon Linux 2023 image for an instance type (EKS API Reference, Nodegroup, amiType;
// Amazon EKS User Guide, "Use EKS-optimized accelerated AMIs for GPU instances"). AL2 has no image for Kubernetes 1.33
// and later.
func imageOf(instanceType string, architecture Architecture) string {
	if architecture == AMD64 {
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

// instanceType matches a type such as "m7gd.large": family, generation, options, size.
var instanceType = regexp.MustCompile(`^([a-z]+(?:-[a-z0-9]+)?)(\d+)([a-z]*(?:-[a-z0-9]+)?)` +
	`\.(?:nano|micro|small|medium|(?:\d*x)?large|metal(?:-\d+xl)?)$`)

// ArchitectureOf returns the architecture of an EC2 instance type, and whether the string looks like a type. The option
// g stands for Graviton (Amazon EC2 User Guide, "Instance type naming conventions"). The first Graviton family, a1,
// lacks it.
func ArchitectureOf(name string) (Architecture, bool) {
	parts := instanceType.FindStringSubmatch(name)
	if parts == nil {
		return "", false
	}

	if family, options := parts[1], parts[3]; family == "a" || strings.HasPrefix(options, "g") {
		return ARM64, true
	}

	return AMD64, true
}
