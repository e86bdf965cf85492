package mysql_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
)

// regions are those of RDS, with the suffix of its endpoints in each partition (aws-sdk-go-v2, service/rds, endpoints,
// v1.133.0). The settings of an environment accept any region.
func regions() map[string][]string {
	return map[string][]string{
		"rds.amazonaws.com": {
			"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
			"ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
			"ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
			"eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
			"mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2", "us-gov-east-1", "us-gov-west-1",
		},
		"rds.amazonaws.com.cn": {"cn-north-1", "cn-northwest-1"},
		"rds.amazonaws.eu":     {"eusc-de-east-1"},
		"rds.c2s.ic.gov":       {"us-iso-east-1", "us-iso-west-1"},
		"rds.sc2s.sgov.gov":    {"us-isob-east-1", "us-isob-west-1"},
		"rds.cloud.adc-e.uk":   {"eu-isoe-west-1"},
		"rds.csp.hci.ic.gov":   {"us-isof-east-1", "us-isof-south-1"},
	}
}

// certificates are those of a PEM file.
func certificates(t *testing.T, file string) []*x509.Certificate {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	var found []*x509.Certificate

	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		require.NoError(t, err)

		found = append(found, one)
	}

	return found
}

// A region has the root of each algorithm that an instance can choose, or its endpoints are known to lack roots.
func TestEachRegionOfRDSHasRootsOrIsKnownToLackThem(t *testing.T) {
	t.Parallel()

	roots := make(map[string][]string)
	name := regexp.MustCompile(`^Amazon RDS (\S+) Root CA (\S+) G1$`)

	for _, one := range certificates(t, "roots/rds.pem") {
		if parts := name.FindStringSubmatch(one.Subject.CommonName); parts != nil {
			roots[parts[1]] = append(roots[parts[1]], parts[2])
		}
	}

	for suffix, names := range regions() {
		for _, region := range names {
			lacking, lacks := mysql.LacksRoots("staging-database.abc123." + region + "." + suffix)
			if lacks {
				assert.Equal(t, region, lacking)
				assert.NotContains(t, roots, region)

				continue
			}

			assert.ElementsMatch(t, []string{"ECC384", "RSA2048", "RSA4096"}, roots[region], region)
		}
	}
}

func TestOtherHostsNeedNoRootsOfRDS(t *testing.T) {
	t.Parallel()

	for _, host := range []string{"db", "127.0.0.1", "mysql.example.com", "rds.ca-west-1.example.com", ""} {
		_, lacks := mysql.LacksRoots(host)
		assert.False(t, lacks, host)
	}
}

// apps/README.md lists the regions that need a file in the folder roots.
func TestTheGuideNamesTheRegionsWithoutRoots(t *testing.T) {
	t.Parallel()

	const guide = "../../README.md"

	text, err := os.ReadFile(guide)
	require.NoError(t, err)

	_, section, found := strings.Cut(string(text), "### Certificates of Amazon RDS")
	require.True(t, found, "%s has the section", guide)

	section, _, _ = strings.Cut(section, "\n## ")

	var named, lacking []string
	for _, match := range regexp.MustCompile("`([a-z]+(?:-[a-z]+)+-\\d)`").FindAllStringSubmatch(section, -1) {
		named = append(named, match[1])
	}

	for suffix, names := range regions() {
		for _, region := range names {
			if _, lacks := mysql.LacksRoots("db." + region + "." + suffix); lacks {
				lacking = append(lacking, region)
			}
		}
	}

	slices.Sort(named)
	assert.ElementsMatch(t, lacking, slices.Compact(named))
}

// The root is as AWS publishes it at https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem.
func TestTheRootsOfRDSAreTrusted(t *testing.T) {
	t.Parallel()

	const (
		subject = "CN=Amazon RDS us-east-1 Root CA RSA2048 G1"
		sha     = "e4ce41d069f4bdcdb714259058961ee42ed18cf2bf627a3d647aff25437d4b68"
	)

	known := make(map[string]*x509.Certificate)

	for _, one := range certificates(t, "roots/rds.pem") {
		assert.Contains(t, one.Subject.String(), "CN=Amazon RDS ")
		assert.True(t, one.NotAfter.After(time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)), one.Subject)

		known[fmt.Sprintf("%x", sha256.Sum256(one.Raw))] = one
	}

	require.Contains(t, known, sha)
	assert.Contains(t, known[sha].Subject.String(), subject)

	roots, err := mysql.Roots("")
	require.NoError(t, err)

	_, err = known[sha].Verify(x509.VerifyOptions{Roots: roots})
	require.NoError(t, err)

	system, err := x509.SystemCertPool()
	require.NoError(t, err)

	_, err = known[sha].Verify(x509.VerifyOptions{Roots: system})
	require.ErrorContains(t, err, "unknown authority")
}
