package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// runner runs a program and returns its output. Its error has what the program wrote to stderr.
type runner func(ctx context.Context, program string, args ...string) ([]byte, error)

// commands runs programs without asking anything: a missing credential is a finding, not a prompt. The AWS CLI repeats
// throttled calls.
func commands(environ []string) runner {
	return func(ctx context.Context, program string, args ...string) ([]byte, error) {
		var stdout, stderr bytes.Buffer

		command := exec.CommandContext(ctx, program, args...)
		command.Env = slices.Concat(environ, []string{
			"AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=5", "AWS_PAGER=",
			"GIT_TERMINAL_PROMPT=0", "GIT_SSH_COMMAND=ssh -oBatchMode=yes",
		})
		command.Stdout, command.Stderr = &stdout, &stderr

		err := command.Run()
		if err != nil && stderr.Len() > 0 {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr.String()))
		}

		return stdout.Bytes(), err
	}
}

// awsError is an error that AWS answered.
type awsError struct{ code, operation, message string }

// Error says what AWS answered.
func (e *awsError) Error() string { return e.operation + ": " + e.code + ": " + e.message }

// answered matches the CLI's error for an answer of AWS.
var answered = regexp.MustCompile(`An error occurred \((\w+)\) when calling the (\w+) operation[^:]*: ?(.*)`)

// aws runs the AWS CLI and decodes its answer. The error is an *awsError if AWS answered one.
func (d *doctor) aws(ctx context.Context, answer any, args ...string) error {
	if !slices.Contains(args, "--region") {
		args = append(args, "--region", d.settings.Region)
	}

	args = append(args, "--output", "json")

	output, err := d.run(ctx, "aws", args...)
	if err != nil {
		if match := answered.FindStringSubmatch(err.Error()); match != nil {
			return &awsError{code: match[1], operation: match[2], message: match[3]}
		}

		return err
	}

	if err := json.Unmarshal(output, answer); err != nil {
		return fmt.Errorf("reading the answer of aws %s: %w", strings.Join(args, " "), err)
	}

	return nil
}

// is reports whether AWS answered an error with one of the codes.
func is(err error, codes ...string) bool {
	answer, ok := errors.AsType[*awsError](err)

	for _, code := range codes {
		if ok && answer.code == code {
			return true
		}
	}

	return false
}
