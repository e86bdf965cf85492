package mysql

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheErrorNamesTheMissingCertificatesOfARegionAndTheirFile(t *testing.T) {
	t.Parallel()

	const commercial, gov = "https://truststore.pki.rds.amazonaws.com/ca-west-1/ca-west-1-bundle.pem",
		"https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-east-1/us-gov-east-1-bundle.pem"

	for host, want := range map[string][]string{
		"db.abc.ca-west-1.rds.amazonaws.com":     {commercial, "apps/chassis/mysql/roots/ca-west-1.pem", "MYSQL_CA_FILE"},
		"db.abc.us-gov-east-1.rds.amazonaws.com": {gov, "apps/chassis/mysql/roots/us-gov-east-1.pem"},
		"db.abc.cn-north-1.rds.amazonaws.com.cn": {"Certificate bundles by AWS Region", "roots/cn-north-1.pem"},
		"mysql.example.com":                      {"MYSQL_CA_FILE"},
	} {
		for _, part := range want {
			assert.Contains(t, remedy(host), part, host)
		}
	}

	assert.NotContains(t, remedy("db.abc.eu-west-1.rds.amazonaws.com"), "roots/", "the service has its certificates")
}
