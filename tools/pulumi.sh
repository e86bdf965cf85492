#!/usr/bin/env bash
# Prepares the sources of the Pulumi CLI in a folder: tools/pulumi.sh <folder>
#
# The folder gets a go.mod for `go build -modfile`, and a copy of the engine's module without clients of clouds: the
# drivers of states and of secrets in AWS, Azure, Google Cloud and Vault, `pulumi logs`, and the commands api, env, config
# env, insights, neo and org, which only Pulumi Cloud answers. It also lacks `pulumi do` and `pulumi package info`, which
# format Markdown. These are more than half of what the CLI is compiled from, and the rehearsal uses none of it: its
# state is in files, and its secrets have a passphrase. Everything else is compiled as it is in its module. Use the real
# CLI for a real account.
set -euo pipefail

target=$1 pins=$(cd "$(dirname "$0")/pins/pulumi" && pwd) module=github.com/pulumi/pulumi/pkg/v3

rm -rf "$target"
mkdir -p "$target"
go -C "$pins" mod download $module # otherwise `go list` knows no folder of a module that was never built
cp -R "$(go -C "$pins" list -m -f '{{.Dir}}' $module)" "$target/engine"
chmod -R u+w "$target/engine"
cp "$pins/go.mod" "$pins/go.sum" "$target"
go mod edit -replace "$module=$target/engine" "$target/go.mod"

cd "$target/engine"

# edit FILE EXPRESSION...: changes a file by expressions of sed. A new version of the engine may need other ones.
edit() {
	local file=$1 before
	shift
	before=$(cksum "$file")
	sed -i.before "$@" "$file"
	rm "$file.before"
	[ "$(cksum "$file")" != "$before" ] || echo "tools/pulumi.sh: nothing to change in $file" >&2
}

edit backend/diy/backend.go -e '/blob\/\(azure\|gcs\|s3\)blob"/d' -e '/pkg\/v3\/authhelpers"/d' \
	-e '/if p.Scheme == gcsblob.Scheme {/,/^	}/d'
edit backend/diy/bucket.go -e '/service\/s3"/d' -e 's/\*awss3\.CopyObjectInput/*struct{ CopySource *string }/'
edit secrets/cloud/manager.go -e '/secrets\/\(awskms\|azurekeyvault\|gcpkms\|hashivault\)"/d' -e '/cloudkms\/v1"/d' \
	-e '/pkg\/v3\/authhelpers"/d' -e '/case gcpkms.Scheme:/,/return opener.OpenKeeperURL/d'
edit operations/resources.go -e '/OperationsProvider(ctx, ops.config, ops.resource)/s/return .*/return nil, nil/'
rm operations/operations_aws.go operations/operations_gcp.go

edit cmd/pulumi/pulumi.go -e '/cmd\/pulumi\/\(cloud\|do\|env\|insights\|neo\|org\)"/d' \
	-e '/cloud\.NewAPICmd()\|insights\.NewInsightsCmd()\|neo\.NewNeoCmd()\|org\.NewOrgCmd()\|cmdDo\.\|cmdEnv\./d'
edit cmd/pulumi/config/config.go -e '/newConfigEnvCmd(/d'
echo 'func errBackendNoEnvironments(any) error { return errors.New("a state in files has no environments") }' \
	>>cmd/pulumi/config/config.go
edit cmd/pulumi/packagecmd/package.go -e '/newPackageInfoCmd()/d'
rm cmd/pulumi/config/config_env*.go cmd/pulumi/packagecmd/package_info*.go

# What other commands use of `pulumi env` prepares the environment of a program; of `pulumi api`, the type of its errors.
find cmd/esc/cli -maxdepth 1 -type f ! -name prepare.go ! -name fs.go ! -name environ.go -delete
edit cmd/pulumi/cloud/envelope.go -e '/\[\]ParamSpec/d'
find cmd/pulumi/cloud -type f ! -name envelope.go -delete
