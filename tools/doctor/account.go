package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/infra/bootstrap/quotas"
	bootstrapsettings "github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
)

// region finds whether the account uses the region, and which zones it offers there.
func (d *doctor) region(ctx context.Context) []finding {
	const subject = "aws:region"

	region := d.settings.Region

	var regions struct {
		Regions []struct{ OptInStatus string }
	}

	err := d.aws(ctx, &regions, "ec2", "describe-regions", "--all-regions", "--region-names", region)

	switch {
	case is(err, "InvalidParameterValue"):
		return []finding{{
			status: missing, subject: subject, text: "AWS has no region " + region,
			fix: config.SetCommand(d.stack, subject, "us-east-1"),
		}}
	case err != nil:
		return failed(subject, err)
	case len(regions.Regions) == 1 && regions.Regions[0].OptInStatus == "not-opted-in":
		return []finding{{
			status: missing, subject: subject, text: "the account has not enabled " + region,
			fix: "aws account enable-region --region-name " + region,
		}}
	}

	return append([]finding{{status: ready, subject: subject, text: region}}, d.zones(ctx)...)
}

func (d *doctor) zones(ctx context.Context) []finding {
	const subject = "platform:network.zones"

	var answer struct {
		AvailabilityZones []struct{ ZoneName, State string }
	}
	if err := d.aws(ctx, &answer, "ec2", "describe-availability-zones"); err != nil {
		return failed(subject, err)
	}

	var offered []string

	for _, zone := range answer.AvailabilityZones {
		if letter := strings.TrimPrefix(zone.ZoneName, d.settings.Region); zone.State == "available" {
			offered = append(offered, letter)
		}
	}

	var found []finding

	for i, zone := range d.settings.Network.Zones {
		if !slices.Contains(offered, zone) {
			path := d.settings.Network.ZonePath(i)
			found = append(found, finding{
				status: missing, subject: path,
				text: fmt.Sprintf("got %s, expected one of %s", zone, strings.Join(offered, ", ")),
				fix:  config.RemoveCommand(d.stack, path),
			})
		}
	}

	if len(found) == 0 {
		found = []finding{{status: ready, subject: subject, text: strings.Join(d.settings.Network.Zones, ", ")}}
	}

	return found
}

// quotas compares the account's quotas with the environment at its peak. What other environments in the account use
// comes on top: infra/bootstrap/README.md has the sum.
func (d *doctor) quotas(ctx context.Context) []finding {
	var found []finding

	for _, q := range quotas.All() {
		subject := "quota " + q.Code

		need, err := q.Need(d.settings)
		if err != nil {
			return failed(subject, err)
		}

		value, err := d.quota(ctx, q)
		if err != nil {
			found = append(found, failed(subject, err)...)

			continue
		}

		expected := q.Shared + need.Count
		text := fmt.Sprintf("%s: got %d, expected at least %d", q.Name, value, expected)

		if value >= expected {
			found = append(found, finding{status: ready, subject: subject, text: text})

			continue
		}

		found = append(found, finding{
			status: missing, subject: subject, text: text,
			fix: fmt.Sprintf("aws service-quotas request-service-quota-increase --region %s --service-code %s "+
				"--quota-code %s --desired-value %d", d.settings.Region, q.Service, q.Code, expected),
		})
	}

	return found
}

// quota returns the account's value of a quota, or AWS's default if the account has none of its own (Service Quotas API
// Reference, GetServiceQuota: NoSuchResourceException).
func (d *doctor) quota(ctx context.Context, q quotas.Quota) (int, error) {
	var answer struct{ Quota struct{ Value float64 } }

	ask := func(operation string) error {
		return d.aws(ctx, &answer, "service-quotas", operation, "--service-code", q.Service, "--quota-code", q.Code)
	}

	err := ask("get-service-quota")
	if is(err, "NoSuchResourceException") {
		err = ask("get-aws-default-service-quota")
	}

	return int(answer.Quota.Value), err
}

// serviceRoles finds the service-linked roles that infra/bootstrap creates.
func (d *doctor) serviceRoles(ctx context.Context) []finding {
	const subject = "service-linked roles"

	var answer struct{ Roles []struct{ Path string } }
	if err := d.aws(ctx, &answer, "iam", "list-roles", "--path-prefix", "/aws-service-role/"); err != nil {
		return failed(subject, err)
	}

	var found []finding

	for _, service := range bootstrapsettings.Defaults().ServiceLinkedRoles {
		// The path of the role is that of its service (IAM User Guide, "Create a service-linked role").
		has := slices.ContainsFunc(answer.Roles, func(role struct{ Path string }) bool {
			return strings.Trim(role.Path, "/") == "aws-service-role/"+service
		})
		if !has {
			found = append(found, finding{
				status: missing, subject: "service-linked role", text: service + " has none",
				fix: "aws iam create-service-linked-role --aws-service-name " + service,
			})
		}
	}

	if len(found) == 0 {
		found = []finding{{status: ready, subject: subject, text: "every service has one"}}
	}

	return found
}
