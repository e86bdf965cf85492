package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/msur/platform/infra/bootstrap/permissions"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// identity finds the account and the principal, and compares them with the settings.
func (d *doctor) identity(ctx context.Context) []finding {
	const subject = "credentials"

	var caller struct{ Account, Arn string }

	err := d.aws(ctx, &caller, "sts", "get-caller-identity")
	if errors.Is(err, exec.ErrNotFound) {
		return []finding{{status: unchecked, subject: subject, text: "the AWS CLI reads them, and is missing"}}
	}

	if err != nil {
		return []finding{{
			status: missing, subject: subject, text: "got none that AWS accepts: " + err.Error(),
			fix: "aws configure sso # then: export AWS_PROFILE=<profile>",
		}}
	}

	parts := strings.SplitN(caller.Arn, ":", 6) //nolint:mnd // arn:partition:service:region:account:resource
	d.place = scope.Place{Partition: parts[1], Region: d.settings.Region, AccountID: caller.Account}

	principal, err := d.role(ctx, caller.Arn)
	if err != nil {
		return failed(subject, err)
	}

	d.principal = principal
	found := []finding{{status: ready, subject: subject, text: principal}}

	if allowed := d.settings.AllowedAccountIDs; len(allowed) > 0 && !slices.Contains(allowed, caller.Account) {
		found = append(found, finding{
			status: missing, subject: "aws:allowedAccountIds",
			text: fmt.Sprintf("got %s, expected the account of the credentials, %s", allowed, caller.Account),
			fix:  config.SetCommand(d.stack, config.Element("aws:allowedAccountIds", len(allowed)), caller.Account),
		})
	}

	return append(found, d.admin())
}

// role returns the ARN of a session's role. A session's own ARN lacks the path of its role.
func (d *doctor) role(ctx context.Context, arn string) (string, error) {
	_, session, assumed := strings.Cut(arn, ":assumed-role/")
	if !assumed {
		return arn, nil
	}

	name, _, _ := strings.Cut(session, "/")

	var answer struct{ Role struct{ Arn string } }
	if err := d.aws(ctx, &answer, "iam", "get-role", "--role-name", name); err != nil {
		return "", err
	}

	return answer.Role.Arn, nil
}

// admin finds whether the principal will be an admin of the cluster.
func (d *doctor) admin() finding {
	const path = "platform:cluster.admins"

	admins := d.settings.Cluster.Admins
	for _, admin := range admins {
		if admin.ARN(d.place) == d.principal {
			return finding{status: ready, subject: path, text: "has the principal"}
		}
	}

	_, principal, _ := strings.Cut(d.principal, ":iam::"+d.place.AccountID+":")

	return finding{
		status: missing, subject: path, text: "lacks the principal, which would be locked out of the cluster",
		fix: config.SetCommand(d.stack, config.Element(path, len(admins)), principal),
	}
}

// permissions asks IAM whether the principal may do what a deployment does: the actions of platform-deploy, on the same
// resources and under the same conditions.
func (d *doctor) permissions(ctx context.Context) []finding {
	const subject = "permissions"

	table, err := permissions.Load()
	if err != nil {
		return failed(subject, err)
	}

	place := permissions.Place{
		Place: d.place, Environments: []string{d.stack}, Boundary: d.settings.Environment.PermissionsBoundary,
	}

	var denied []string

	for _, statement := range merge(table.Deploy(place)) {
		actions, err := d.simulate(ctx, statement)
		if err != nil {
			return failed(subject, err)
		}

		denied = append(denied, actions...)
	}

	if len(denied) == 0 {
		return []finding{{status: ready, subject: subject, text: "IAM allows every action of a deployment"}}
	}

	slices.Sort(denied)

	const shown = 5

	return []finding{{
		status: missing, subject: subject,
		text: fmt.Sprintf("IAM denies %d actions of a deployment, such as %s",
			len(denied), strings.Join(denied[:min(shown, len(denied))], ", ")),
		fix: "export AWS_PROFILE=<a profile of platform-deploy or of an administrator>",
	}}
}

// merge joins the statements that differ only in their actions, so that there are fewer calls.
func merge(policies map[string][]policy.Statement) []policy.Statement {
	merged := make(map[string]policy.Statement)

	for _, statements := range policies {
		for _, s := range statements {
			key := fmt.Sprint(s.Resources, s.Conditions)
			s.Actions = slices.Concat(merged[key].Actions, s.Actions)
			merged[key] = s
		}
	}

	var all []policy.Statement
	for _, s := range merged {
		all = append(all, s)
	}

	return all
}

// simulate returns the actions of a statement that IAM would deny on each of its resources (IAM API Reference,
// SimulatePrincipalPolicy): most actions have only one of the types of resource.
func (d *doctor) simulate(ctx context.Context, s policy.Statement) ([]string, error) {
	args := []string{"iam", "simulate-principal-policy", "--policy-source-arn", d.principal, "--action-names"}
	args = append(append(append(args, s.Actions...), "--resource-arns"), s.Resources...)

	for _, keys := range s.Conditions {
		for key, values := range keys {
			args = append(args, "--context-entries",
				"ContextKeyName="+key+",ContextKeyType=string,ContextKeyValues="+values[0])
		}
	}

	var answer struct {
		EvaluationResults []struct{ EvalActionName, EvalDecision string }
	}
	if err := d.aws(ctx, &answer, args...); err != nil {
		return nil, err
	}

	denied := slices.Clone(s.Actions)

	for _, result := range answer.EvaluationResults {
		if result.EvalDecision == "allowed" {
			denied = slices.DeleteFunc(denied, func(action string) bool { return action == result.EvalActionName })
		}
	}

	return denied, nil
}
