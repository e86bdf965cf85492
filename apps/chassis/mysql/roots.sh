#!/usr/bin/env bash
# Writes roots/rds.pem: the root certificates of Amazon RDS, which no system's bundle has. They come from AWS's npm
# package below, which has https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem as of 2023. The package must
# have this hash. Roots from before 2021, which have expired, and intermediates, which servers send, are omitted.
# Regions that are newer than the package have files of their own in roots/, which this script does not touch.
set -euo pipefail

package=@aws-amplify/graphql-schema-generator@0.11.16
hash=sha512-EgPdizwxW2LOpoff9+z5vW4EFQFJRtmDplATt28ECOI/06jfYTavEKWnzK7JAfVrTKYBvHWMWCLcb2t/cjpb5g==
target=$(cd "$(dirname "$0")" && pwd)/roots/rds.pem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "$package" >/dev/null
got=sha512-$(openssl dgst -sha512 -binary ./*.tgz | base64 -w0)
if [ "$got" != "$hash" ]; then
	echo "roots.sh: $package has the hash $got, expected $hash: nothing was written" >&2
	exit 1
fi
tar -xzf ./*.tgz package/certs/aws-rds-global-bundle.pem

node - "$package" "$hash" >"$work/rds.pem" <<'JS'
const { readFileSync } = require("node:fs");
const { X509Certificate } = require("node:crypto");
const bundle = readFileSync("package/certs/aws-rds-global-bundle.pem", "utf8");
console.log(`Made by roots.sh from npm ${process.argv[2]} (${process.argv[3]}).\n`);
for (const pem of bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)) {
  const certificate = new X509Certificate(pem);
  const name = /CN=(Amazon RDS .* Root CA .* G1)/.exec(certificate.subject)?.[1];
  if (name && certificate.subject === certificate.issuer) console.log(`${name}\n${pem.trim()}\n`);
}
JS
mv "$work/rds.pem" "$target"
