package comment

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/msur/platform/tools/ci/github"
)

const (
	// maxBytes limits the size of a report. It exceeds the limit in characters, which applies later.
	maxBytes = 256 << 10
	// reportFile is the only file in an artifact.
	reportFile = "report.md"
)

// report returns the sanitized report of an environment, or "" if the run has none.
func (c *commenter) report(ctx context.Context, environment string) (string, error) {
	name := "report-" + environment

	found, err := c.api.Artifacts(ctx, c.run.Run.ID, name)
	if err != nil {
		return "", fmt.Errorf("looking for the artifact %s: %w", name, err)
	}

	// A repeated run has an artifact for each attempt.
	var last github.Artifact

	for _, artifact := range found {
		if artifact.Name == name && !artifact.Expired && artifact.ID > last.ID {
			last = artifact
		}
	}

	switch {
	case last.ID == 0:
		return "", nil
	case last.Size > maxBytes:
		return "", fmt.Errorf("the artifact %s has %d bytes, expected at most %d", name, last.Size, maxBytes)
	}

	archive, err := c.api.Download(ctx, last.ID)
	if err != nil {
		return "", fmt.Errorf("downloading the artifact %s: %w", name, err)
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
