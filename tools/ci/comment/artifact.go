package comment

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"
)

const (
	// maxBytes limits the size of a report. It exceeds the limit in characters, which applies later.
	maxBytes = 256 << 10
	// reportFile is the only file in an artifact.
	reportFile = "report.md"
)

// artifact is an archive that a run uploaded.
type artifact struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Size is the size of the archive in bytes.
	Size    int64 `json:"size_in_bytes"`
	Expired bool  `json:"expired"`
}

// report returns the sanitized report of an environment, or "" if the run has none.
func (c *commenter) report(ctx context.Context, environment string) (string, error) {
	name := "report-" + environment

	var found struct {
		Artifacts []artifact `json:"artifacts"`
	}

	err := c.api.Get(ctx, fmt.Sprintf("/actions/runs/%d/artifacts?per_page=100&name=%s", c.run.ID, name), &found)
	if err != nil {
		return "", err
	}

	// A repeated run has an artifact for each attempt.
	var last artifact

	for _, a := range found.Artifacts {
		if a.Name == name && !a.Expired && a.ID > last.ID {
			last = a
		}
	}

	switch {
	case last.ID == 0:
		return "", nil
	case last.Size > maxBytes:
		return "", fmt.Errorf("the artifact %s has %d bytes, expected at most %d", name, last.Size, maxBytes)
	}

	archive, err := c.api.Do(ctx, http.MethodGet, fmt.Sprintf("/actions/artifacts/%d/zip", last.ID), nil)
	if err != nil {
		return "", err
	}

	report, err := unzip(archive)
	if err != nil {
		return "", fmt.Errorf("reading the artifact %s: %w", name, err)
	}

	return sanitize(report), nil
}

// unzip returns the report in an archive. It reads at most maxBytes, whatever size the archive states.
func unzip(archive []byte) (string, error) {
	opened, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return "", fmt.Errorf("opening the archive: %w", err)
	}

	if len(opened.File) != 1 || opened.File[0].Name != reportFile {
		return "", fmt.Errorf("the archive has %d files, expected only %s", len(opened.File), reportFile)
	}

	file, err := opened.File[0].Open()
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", reportFile, err)
	}

	defer func() { _ = file.Close() }()

	report, err := io.ReadAll(io.LimitReader(file, maxBytes+1))

	switch {
	case err != nil:
		return "", fmt.Errorf("unpacking %s: %w", reportFile, err)
	case len(report) > maxBytes:
		return "", fmt.Errorf("%s has more than %d bytes", reportFile, maxBytes)
	case !utf8.Valid(report):
		return "", errors.New(reportFile + " is not valid UTF-8")
	}

	return string(report), nil
}
