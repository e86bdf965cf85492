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
	// mostBytes is more than a report may have, whose limit is in characters.
	mostBytes = 256 << 10
	// reportFile is the one file in the artifact.
	reportFile = "report.md"
)

// report is the report of an environment that the run has left, made harmless; empty where there is none.
func (c *commenter) report(ctx context.Context, environment string) (string, error) {
	name := "report-" + environment

	found, err := c.api.Artifacts(ctx, c.run.Run.ID, name)
	if err != nil {
		return "", fmt.Errorf("looking for the artifact %s: %w", name, err)
	}

	// A run that was run again has one of each time.
	var last github.Artifact

	for _, one := range found {
		if one.Name == name && !one.Expired && one.ID > last.ID {
			last = one
		}
	}

	switch {
	case last.ID == 0:
		return "", nil
	case last.Size > mostBytes:
		return "", fmt.Errorf("the artifact %s has %d bytes, want at most %d", name, last.Size, mostBytes)
	}

	archive, err := c.api.Download(ctx, last.ID)
	if err != nil {
		return "", fmt.Errorf("downloading the artifact %s: %w", name, err)
	}

	text, err := unzip(archive)
	if err != nil {
		return "", fmt.Errorf("reading the artifact %s: %w", name, err)
	}

	return harmless(text), nil
}

// unzip returns the report in an archive, and reads no more of it than a report may have, whatever the archive says.
func unzip(archive []byte) (string, error) {
	opened, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return "", fmt.Errorf("opening the archive: %w", err)
	}

	if len(opened.File) != 1 || opened.File[0].Name != reportFile {
		return "", fmt.Errorf("got %d files, want %s alone", len(opened.File), reportFile)
	}

	file, err := opened.File[0].Open()
	if err != nil {
		return "", fmt.Errorf("opening %s: %w", reportFile, err)
	}

	defer func() { _ = file.Close() }()

	text, err := io.ReadAll(io.LimitReader(file, mostBytes+1))

	switch {
	case err != nil:
		return "", fmt.Errorf("unpacking %s: %w", reportFile, err)
	case len(text) > mostBytes:
		return "", fmt.Errorf("%s has more than %d bytes", reportFile, mostBytes)
	case !utf8.Valid(text):
		return "", errors.New(reportFile + " is no text in UTF-8")
	}

	return string(text), nil
}
