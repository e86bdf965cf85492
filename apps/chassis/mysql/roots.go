package mysql

import (
	"bytes"
	"context"
	"crypto/x509"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// bundled holds root certificates of Amazon RDS: those of rds.pem, which roots.sh writes, and one file for each region
// that rds.pem lacks.
//
//go:embed roots/*.pem
var bundled embed.FS

// Roots returns the certificates that verify a database: the system's (or those of SSL_CERT_FILE), those of Amazon RDS,
// and those of MYSQL_CA.
func Roots(ca string) (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("reading the system's certificates: %w", err)
	}

	err = fs.WalkDir(bundled, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}

		certificates, err := bundled.ReadFile(path)
		if err == nil && !roots.AppendCertsFromPEM(certificates) {
			err = fmt.Errorf("%s holds no certificate", path)
		}

		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the root certificates of RDS: %w", err)
	}

	roots.AppendCertsFromPEM([]byte(ca)) // ReadConfig has validated it

	return roots, nil
}

// endpoint finds the region in the host name of an RDS instance: "name.id.region.rds.amazonaws.com", or another suffix
// in another partition (RDS API model, endpoints).
var endpoint = regexp.MustCompile(`\.([a-z]+(?:-[a-z]+)+-\d+)\.rds\.`)

// LacksRoots returns the region of an RDS endpoint if there is no root certificate for that region.
func LacksRoots(host string) (string, bool) {
	parts := endpoint.FindStringSubmatch(host)
	if parts == nil {
		return "", false
	}

	if _, err := bundled.Open("roots/" + parts[1] + ".pem"); err == nil {
		return "", false
	}

	certificates, err := bundled.ReadFile("roots/rds.pem")

	// Each certificate follows a line with its name.
	return parts[1], err == nil && !bytes.Contains(certificates, []byte("\nAmazon RDS "+parts[1]+" "))
}

// verifying adds the fix to the error of a certificate with an unknown authority.
type verifying struct {
	driver.Connector

	host string
}

// Connect opens a connection.
func (v verifying) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := v.Connector.Connect(ctx)
	if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
		return nil, fmt.Errorf("connecting to %s: %w: %s", v.host, err, remedy(v.host))
	}

	return conn, err
}

// remedy names the missing certificates, and where to put them. The address of a region's certificates depends on its
// partition (Amazon RDS User Guide, "Certificate bundles by AWS Region").
func remedy(host string) string {
	region, lacks := LacksRoots(host)
	if !lacks {
		return "set MYSQL_CA_FILE to a file with the certificate of its authority, in PEM"
	}

	bundle := fmt.Sprintf("https://truststore.pki.rds.amazonaws.com/%[1]s/%[1]s-bundle.pem", region)

	switch partition, _, _ := strings.Cut(region, "-"); {
	case strings.HasPrefix(region, "us-gov-"):
		bundle = strings.Replace(bundle, ".rds.", ".us-gov-west-1.rds.", 1)
	case partition == "cn", partition == "eusc", strings.Contains(region, "-iso"):
		bundle = "the region's bundle (the RDS guide of its partition, \"Certificate bundles by AWS Region\")"
	}

	return fmt.Sprintf("the service has no root certificates of Amazon RDS for %[1]s: download %[2]s, "+
		"save it as apps/chassis/mysql/roots/%[1]s.pem and release the service, or set MYSQL_CA_FILE to the file",
		region, bundle)
}
