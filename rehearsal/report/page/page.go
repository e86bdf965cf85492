// Package page draws a report: one HTML file without scripts, which needs no network.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/report"
)

//go:generate go run ./draw

var (
	//go:embed page.html.tmpl
	layout string
	//go:embed picture.svg.tmpl
	drawn string
	//go:embed page.css
	style string
)

// Render returns the page of a report.
func Render(r *report.Report) ([]byte, error) {
	var page bytes.Buffer

	if err := templates().Execute(&page, newView(r)); err != nil {
		return nil, fmt.Errorf("drawing the report of %s: %w", r.Stack, err)
	}

	return page.Bytes(), nil
}

func templates() *template.Template {
	return template.Must(template.Must(template.New("report").Parse(layout)).Parse(drawn))
}

// SVG returns the picture of the platform alone, for documents.
func SVG(r *report.Report) ([]byte, error) {
	picture := newPicture(r)
	if picture == nil {
		return nil, errors.New("drawing the platform: the stack has no cluster")
	}

	picture.Style = template.CSS(style + "svg { background: var(--ground); }") //nolint:gosec // a file of this package

	var file bytes.Buffer
	if err := templates().ExecuteTemplate(&file, "picture", picture); err != nil {
		return nil, fmt.Errorf("drawing the platform: %w", err)
	}

	return file.Bytes(), nil
}

// Write writes report.html into a folder, and returns its path.
func Write(r *report.Report, folder string) (string, error) {
	page, err := Render(r)
	if err != nil {
		return "", err
	}

	file := filepath.Join(folder, "report.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}

	return file, nil
}

// policy is the content security policy: nothing but the page's own style.
func policy() string {
	sum := sha256.Sum256([]byte(style))

	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// anchor is the id of a resource's properties in the page. Ids may not contain spaces, and names may.
func anchor(urn string) string {
	sum := sha256.Sum256([]byte(urn))

	return "r-" + hex.EncodeToString(sum[:6])
}
