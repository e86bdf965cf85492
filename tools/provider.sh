#!/usr/bin/env bash
# Prepares the sources of the real Kubernetes provider in a folder: tools/provider.sh <folder>
#
# The folder gets a go.mod for `go build -modfile`, and a copy of the provider's SDK in which one function registers
# every kind as it registers custom resources. Only the components ConfigFile, ConfigGroup and Chart call this function,
# which the program does not use. With the original, the SDK's package for each API group of Kubernetes is compiled.
set -euo pipefail

target=$1 pins=$(cd "$(dirname "$0")/pins/kubernetes" && pwd) module=github.com/pulumi/pulumi-kubernetes/sdk/v4

rm -rf "$target"
mkdir -p "$target"
go -C "$pins" mod download $module # otherwise `go list` knows no folder of a module that was never built
cp -R "$(go -C "$pins" list -m -f '{{.Dir}}' $module)" "$target/sdk"
chmod -R u+w "$target/sdk"
cp "$pins/go.mod" "$pins/go.sum" "$target"
go mod edit -replace "$module=$target/sdk" "$target/go.mod"

# A new version of the SDK may need other expressions: the build fails if an import of a group remains unused.
sed -i.before -e '/^	case "[^,]*":$/,/^		return &res, nil/d' -e '/sdk\/v4\/go\/kubernetes\/[a-z]*\/v/d' \
	"$target/sdk/go/kubernetes/yaml/v2/kinds.go"
if cmp -s "$target/sdk/go/kubernetes/yaml/v2/kinds.go"{,.before}; then
	echo "tools/provider.sh: nothing to change in kinds.go" >&2
fi
rm "$target/sdk/go/kubernetes/yaml/v2/kinds.go.before"
