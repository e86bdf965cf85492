package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/settings"
)

// doctor inspects the account of one stack.
type doctor struct {
	root, stack string
	settings    settings.Settings
	run         runner

	// place and principal are where the credentials are, and the ARN of their role or user.
	place     scope.Place
	principal string
}

// status is the result of a check.
type status string

const (
	ready     status = "ready"
	missing   status = "missing"
	unchecked status = "unchecked"
)

// finding is what a check has found.
type finding struct {
	status        status
	subject, text string
	// fix is the command that provides what is missing.
	fix string
}

// inspect sends all findings. The checks run side by side, and their findings come in a fixed order.
func (d *doctor) inspect(ctx context.Context) <-chan finding {
	findings := make(chan finding)

	go func() {
		defer close(findings)

		send := func(all []finding) {
			for _, found := range all {
				findings <- found
			}
		}

		send(d.tools(ctx))

		known := d.identity(ctx)
		send(known)

		if d.principal == "" {
			return // every other question needs credentials
		}

		// An account answers a few questions at a time without throttling.
		const concurrently = 4

		limit := make(chan struct{}, concurrently)

		var waiting []chan []finding

		for _, check := range []func(context.Context) []finding{
			d.region, d.permissions, d.quotas, d.addons, d.parameters, d.serviceRoles, d.state, d.images, d.certificate,
			d.repository,
		} {
			answer := make(chan []finding, 1)
			waiting = append(waiting, answer)

			go func() {
				limit <- struct{}{}

				answer <- check(ctx)

				<-limit
			}()
		}

		for _, answer := range waiting {
			send(<-answer)
		}
	}()

	return findings
}

// failed is the finding of a check that could not be made: a denied call says which permission it needs, and a call
// that AWS throttled can be repeated.
func failed(subject string, err error) []finding {
	found := finding{status: unchecked, subject: subject, text: err.Error()}

	var answer *awsError

	switch {
	case errors.Is(err, exec.ErrNotFound):
		found.text = "the AWS CLI is missing"
	case errors.As(err, &answer) && strings.Contains(answer.code, "Throttl"),
		is(err, "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"):
		found.text = "AWS throttled " + answer.operation + ": run this again"
	case is(err, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
		found.text = "the credentials may not call " + answer.operation + ", which only reads"
	}

	return []finding{found}
}

// bootstrap creates what an account needs before its first environment.
const bootstrap = "cd infra/bootstrap && pulumi up -s account # docs/real-account.md, step 2"
