package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/msur/platform/rehearsal/state"
)

//go:embed scale.md.tmpl
var layout string

// page is the content of the document.
type page struct {
	measurement

	Names    []string
	Limits   []limit
	Constant []constant
}

// constant is a limit of something that has the same size for any number of services.
type constant struct {
	Name, Source string
	Most         int
	// Used is the use in each environment: the most that all resources of a type together use of one thing.
	Used []int
	of   string
	// use returns the thing, and how much a resource uses of it.
	use func(state.Resource) (string, int)
}

// render returns the document.
func render(platforms []platform, m measurement) (string, error) {
	p := page{measurement: m, Limits: limits(platforms), Constant: constants(platforms)}
	for _, platform := range platforms {
		p.Names = append(p.Names, platform.name)
	}

	slices.SortStableFunc(p.Limits, func(a, b limit) int { return slices.Compare(a.At, b.At) })

	var document bytes.Buffer

	parsed := template.Must(template.New(target).Funcs(template.FuncMap{
		"number": number, "numbers": numbers, "join": strings.Join, "minutes": minutes,
		"per": func(f figure) string { return fmt.Sprintf("%.1f", f.perResource()) },
	}).Parse(layout))
	if err := parsed.Execute(&document, p); err != nil {
		return "", fmt.Errorf("rendering %s: %w", target, err)
	}

	return document.String(), nil
}

// constants returns the limits of what does not grow.
func constants(platforms []platform) []constant {
	const iam = "IAM User Guide, \"IAM and AWS STS quotas\""

	length := func(property string) func(state.Resource) (string, int) {
		return func(r state.Resource) (string, int) { return string(r.URN), len(fmt.Sprint(r.Inputs[property])) }
	}
	each := func(property string) func(state.Resource) (string, int) {
		return func(r state.Resource) (string, int) { return fmt.Sprint(r.Inputs[property]), 1 }
	}

	all := []constant{
		{
			Name: "Rules of a security group, in one direction", Most: 60,
			Source: "Amazon VPC User Guide, \"Amazon VPC quotas\"",
			of:     "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", use: each("securityGroupId"),
		},
		{
			Name: "Listeners of the load balancer", Most: 50,
			Source: "User Guide for Network Load Balancers, \"Quotas for your Network Load Balancers\"",
			of:     "aws:lb/listener:Listener", use: each("loadBalancerArn"),
		},
		{
			Name: "Characters in the trust policy of a role", Most: 2048, Source: iam,
			of: roleType, use: length("assumeRolePolicy"),
		},
		{
			Name: "Characters in the inline policies of a role", Most: 10_240, Source: iam,
			of: roleType, use: length("inlinePolicies"),
		},
		{
			Name: "Bytes in the policy of the key", Most: 32_768, Source: "AWS KMS Developer Guide, \"Resource quotas\"",
			of: "aws:kms/key:Key", use: length("policy"),
		},
	}

	for i, row := range all {
		for _, p := range platforms {
			sums := map[string]int{"": 0}

			for _, r := range p.golden.Resources {
				if string(r.Type) == row.of {
					name, count := row.use(r)
					sums[name] += count
				}
			}

			all[i].Used = append(all[i].Used, slices.Max(slices.Collect(maps.Values(sums))))
		}
	}

	return all
}

// number writes a number with commas between the thousands.
func number(value int) string {
	if value == unlimited {
		return "–"
	}

	text := strconv.Itoa(value)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}

	return text
}

// numbers writes the cells of a row.
func numbers(values []int) string {
	cells := make([]string, 0, len(values))
	for _, value := range values {
		cells = append(cells, number(value))
	}

	return strings.Join(cells, " | ")
}

func minutes(seconds float64) string { return fmt.Sprintf("%.0f min", seconds/60) }
