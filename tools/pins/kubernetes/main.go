// The real Kubernetes provider. The command in its module embeds generated files that the module lacks; its package does
// not. The engine never asks for the schema, nor for the mapping of Terraform's names.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// version is stamped by the linker.
var version string

func main() { provider.Serve("kubernetes", version, []byte("{}"), []byte("{}")) }
