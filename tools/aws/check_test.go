package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckReportsCommandsThatAWSRefuses(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	const (
		describe  = "aws rds describe-db-instances "
		remove    = "aws rds delete-db-instance "
		wait      = "aws rds wait db-instance-available "
		insights  = "aws eks list-insights --cluster-name x --filter "
		snapshots = "aws elasticache describe-snapshots --snapshot-source "
		machines  = "aws ec2 describe-instances --filters "
		accepted  = ""
	)

	// An accepted command is next to each refused one.
	for text, want := range map[string]string{
		describe:                                  accepted,
		"aws rds describe-db-instance":            "make generate",
		"aws rdx describe-db-instances":           "make generate",
		describe + "--db-instance-identifier x":   accepted,
		describe + "--db-instance-identifier=x":   accepted,
		describe + "--db-identifier x":            "got --db-identifier, expected one of --db-instance-identifier",
		describe + "x":                            `got "x", expected an option`,
		describe + "--db-instance-identifier":     "expected a value",
		describe + "--db-instance-identifier x y": `got "y" too`,
		describe + "--max-records 20":             accepted,
		describe + "--max-records twenty":         `got "twenty", expected a whole number`,
		describe + `--max-records "$n"`:           accepted,
		describe + "--output text":                accepted,
		describe + "--output test":                "expected one of json, text",

		describe + "--query 'DBInstances[0].Engine'":             accepted,
		describe + "--query 'DBInstance[0].Engine'":              `the answer has no "DBInstance"`,
		describe + "--query '[].{a: Engine, b: Endpoint.Port}'":  accepted,
		describe + "--query '[?starts_with(Engine, `my`)]'":      accepted,
		describe + "--query '[?Engine == `my`].[Endpoint.Host]'": `no "Host"`,

		remove: "expected --db-instance-identifier",
		remove + "--db-instance-identifier x --skip-final-snapshot":      accepted,
		remove + "--db-instance-identifier x --no-skip-final-snapshot":   accepted,
		remove + "--db-instance-identifier x --skip-final-snapshot true": "expected no value",
		remove + "--no-db-instance-identifier":                           "got --no-db-instance-identifier",

		wait:                             accepted,
		"aws rds wait db-instance-there": "make generate",
		wait + "--db-instance-name x":    "got --db-instance-name",

		insights + "categories=UPGRADE_READINESS":      accepted,
		insights + "categories=UPGRADES":               "expected one of ",
		insights + "Categories=UPGRADE_READINESS":      `the member "Categories"`,
		snapshots + "user":                             accepted,
		snapshots + "manual":                           "expected one of system, user",
		machines + "Name=a,Values=b,c Name=d,Values=e": accepted,
		machines + "Name=a,Value=b":                    `the member "Value"`,
		"aws logs tail group --since 1h":               accepted,
		"aws logs tail group --form x":                 "got --form",
	} {
		for _, c := range (part{file: "x", line: 1, text: text}).commands() {
			err := known.check(c)
			if want == accepted {
				assert.NoError(t, err, text)
			} else {
				assert.ErrorContains(t, err, want, text)
			}
		}
	}
}

func TestASentenceMayMentionACommandWithoutItsOptions(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	for text, refused := range map[string]bool{
		"`aws rds delete-db-instance` deletes": false, "`aws rds delete-db-instanc` deletes": true,
		"`aws rds delete-db-instance --skip` deletes": true,
	} {
		parts := partsOf("x.md", text)
		require.Len(t, parts, 1)

		for _, c := range parts[0].commands() {
			assert.Equal(t, refused, known.check(c) != nil, text)
		}
	}
}

func TestCheckReportsMissingRegionsAndVariables(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	fenced := func(text string) string { return "```sh\n" + text + "\n```\n" }

	const describe = "aws rds describe-db-instances"

	for text, want := range map[string]string{
		fenced(describe):                                                   "expected export AWS_REGION",
		fenced(describe + " --region us-east-1"):                           "",
		fenced("export AWS_REGION=us-east-1\n" + describe):                 "",
		fenced("export AWS_REGION=us-east-1") + "and\n" + fenced(describe): "",
		fenced("aws sts get-caller-identity"):                              "",
		"`" + describe + "` lists them":                                    "",
		fenced(`kubectl get "$x"`):                                         "x.md:2: no earlier block assigns $x",
		fenced(`kubectl get "$x"`) + fenced("x=1"):                         "no earlier block assigns $x",
		fenced("x=1") + fenced(`kubectl get "${x%/*}"`):                    "",
		fenced("read -r x y <<<\"$(a)\"\necho $y"):                         "",
		fenced("for x in a; do echo $x; done"):                             "",
		fenced("f() { echo \"$1\"; }"):                                     "",
	} {
		err := errors.Join(known.checkAll(partsOf("x.md", text))...)
		if want == "" {
			assert.NoError(t, err, text)
		} else {
			assert.ErrorContains(t, err, want, text)
		}
	}
}

func TestNamesOfModelsBecomeOptions(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]string{
		"DBInstanceIdentifier":            "db-instance-identifier",
		"clusterName":                     "cluster-name",
		"VpcIds":                          "vpc-ids",
		"EnableIAMDatabaseAuthentication": "enable-iam-database-authentication",
		"ResourceARNs":                    "resource-arns",
		"MultiAZ":                         "multi-az",
		"Ipv6CidrBlock":                   "ipv6-cidr-block",
	} {
		assert.Equal(t, want, kebab(name), name)
	}
}

// Values that AWS's models list must not be listed here, too.
func TestNoModelListsTheDocumentedValues(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	for name := range documented() {
		words := strings.Fields(name)
		require.Len(t, words, 3, name)

		option, used := known.Operations[words[0]+" "+words[1]].Options[words[2]]
		assert.True(t, used, "%s: no command uses it", name)
		assert.Empty(t, option.Enum, name)
	}
}
