package mysql_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
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

//go:generate sh -c "cat $(go list -m -f {{.Dir}} github.com/aws/aws-sdk-go-v2)/internal/endpoints/awsrulesfn/partitions.json >../../../internal/scope/partitions.json"

const partitionsFile = "../../../internal/scope/partitions.json"

// regions are those of the partitions that the platform supports, with the suffix of RDS's endpoints (RDS API model,
// endpoints).
func regions(t *testing.T) map[string]string {
	t.Helper()

	var data struct {
		Partitions []struct {
			ID      string `json:"id"`
			Outputs struct {
				DNSSuffix string `json:"dnsSuffix"`
			} `json:"outputs"`
			Regions map[string]any `json:"regions"`
		} `json:"partitions"`
	}

	text, err := os.ReadFile(partitionsFile)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &data))

	suffixes := make(map[string]string)

	for _, partition := range data.Partitions {
		for region := range partition.Regions {
			if slices.Contains([]string{"aws", "aws-cn", "aws-us-gov"}, partition.ID) && !strings.HasSuffix(region, "-global") {
				suffixes[region] = "rds." + partition.Outputs.DNSSuffix
			}
		}
	}

	require.Contains(t, suffixes, "us-gov-east-1")

	return suffixes
}

// The main module has no SDK of AWS, but a copy of its regions.
func TestThePartitionsAreThoseOfTheSDK(t *testing.T) {
	t.Parallel()

	folder, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}",
		"github.com/aws/aws-sdk-go-v2").Output()
	require.NoError(t, err)

	source, err := os.ReadFile(filepath.Join(
		strings.TrimSpace(string(folder)), "internal", "endpoints", "awsrulesfn", "partitions.json"))
	require.NoError(t, err)

	copied, err := os.ReadFile(partitionsFile)
	require.NoError(t, err)
	assert.Equal(t, string(source), string(copied), "run make generate")
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

	for region, suffix := range regions(t) {
		lacking, lacks := mysql.LacksRoots("staging-database.abc123." + region + "." + suffix)
		if lacks {
			assert.Equal(t, region, lacking)
			assert.NotContains(t, roots, region)

			continue
		}

		assert.ElementsMatch(t, []string{"ECC384", "RSA2048", "RSA4096"}, roots[region], region)
	}
}

func TestOtherHostsNeedNoRootsOfRDS(t *testing.T) {
	t.Parallel()

	for _, host := range []string{"db", "127.0.0.1", "mysql.example.com", "rds.ca-west-1.example.com", ""} {
		_, lacks := mysql.LacksRoots(host)
		assert.False(t, lacks, host)
	}
}

// The program warns in the regions of its list.
func TestTheProgramKnowsTheRegionsWithoutRoots(t *testing.T) {
	t.Parallel()

	const list = "../../../components/database/engine/rootless.yaml"

	text, err := os.ReadFile(list)
	require.NoError(t, err)

	var named, lacking []string
	for _, match := range regexp.MustCompile(`(?m)^- (\S+)$`).FindAllStringSubmatch(string(text), -1) {
		named = append(named, match[1])
	}

	for region, suffix := range regions(t) {
		if _, lacks := mysql.LacksRoots("db." + region + "." + suffix); lacks {
			lacking = append(lacking, region)
		}
	}

	slices.Sort(lacking)
	assert.Equal(t, lacking, named, "the regions in %s", list)
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
