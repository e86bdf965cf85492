package nodes

import (
	"regexp"
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
