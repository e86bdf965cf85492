package controls

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/state"
)

// check is the check of one environment by one control. It collects the result.
type check struct {
	Environment

	// rendered are the charts of the applications, and unread is why they cannot be read.
	rendered []chart
	unread   error

	passed, failed []Evidence
	problems       []string
	// notApplicable explains why the control does not apply. If it is empty, the state has no such resource.
	notApplicable string
	// unseen explains why a control that nothing fails cannot pass either.
	unseen string
	// missing explains which file the control lacks.
	missing string
	// tested is true if only tests check the control.
	tested bool
	// besides explains which part only tests check.
	besides string
}

// requirement is a condition on one property of a resource, and the problem if it does not hold.
type requirement struct {
	property string
	holds    func(value any) bool
	problem  string
}

type requirements []requirement

// each checks the requirements of all resources of a type.
func (c *check) each(resourceType string, required requirements) {
	for _, r := range c.all(resourceType) {
		c.require(r, required)
	}
}

// require checks the requirements of one resource.
func (c *check) require(r state.Resource, required requirements) {
	for _, q := range required {
		c.hold(r, q.property, q.holds(input(r, q.property)), q.problem)
	}
}

// hold records whether a property satisfies the control, and if not, the problem.
func (c *check) hold(r state.Resource, property string, ok bool, problem string) {
	c.holdAt(Evidence{URN: r.URN, Property: property}, ok, problem)
}

// holdAt is hold for a property anywhere.
func (c *check) holdAt(evidence Evidence, ok bool, problem string) {
	if ok {
		c.passed = append(c.passed, evidence)
	} else {
		c.failed = append(c.failed, evidence)
		c.problems = append(c.problems, evidence.describe(problem))
	}
}

// describe returns a sentence about the property. The property "id" stands for the whole resource.
func (e Evidence) describe(sentence string) string {
	if e.Property == "id" {
		return e.Name() + ": " + sentence
	}

	return e.Name() + " (" + e.Property + "): " + sentence
}

// hasForeignVPC reports whether the environment is in a VPC of another owner, whose subnets and routes are not in the
// state. No control that is about them passes.
func (c *check) hasForeignVPC() bool {
	id, _ := c.State.Outputs()["vpcId"].(string)
	if _, own := byID(c.all(typeVPC), id); own || id == "" {
		return false
	}

	c.unseen = "the owner of " + id + " decides about its subnets, which are not in the state " +
		"(`platform:network.existing`); each preview checks their zones and routes"

	return true
}

// finding returns the result: Fail if anything failed, or Exception if the settings declare one; else Pass if anything
// passed that the state shows completely.
func (c *check) finding(row control) Finding {
	finding := Finding{
		ID: row.id, Title: row.title, Source: row.source,
		Result: Pass, Evidence: c.passed, Reason: strings.Join(slices.Compact(c.problems), "; "),
	}

	if slices.Contains([]string{"VPC", "subnet"}, subject(row.id)) {
		c.hasForeignVPC()
	}

	switch {
	case len(c.failed) > 0:
		finding.Result, finding.Evidence = Fail, c.failed
		c.excuse(&finding)
	case c.missing != "":
		finding.Result, finding.Evidence, finding.Reason = Unknown, nil, c.missing
	case c.tested:
		finding.Result, finding.Evidence, finding.Reason = Tested, testsOf(row.id), "tests check it, no run does"
	case c.unseen != "":
		finding.Result, finding.Evidence, finding.Reason = NotApplicable, nil, c.unseen
	case len(c.passed) == 0:
		finding.Result, finding.Reason = NotApplicable, cmp.Or(c.notApplicable, "the state has no "+subject(row.id))
	case c.besides != "":
		finding.Reason = c.besides
	}

	finding.Evidence = append([]Evidence{}, finding.Evidence...)

	return finding
}

// excuse makes a failed control an exception if the settings declare one that has not ended.
func (c *check) excuse(finding *Finding) {
	declared, ok := c.Exceptions[finding.ID]
	if !ok {
		return
	}

	until := declared.Until.Format(time.DateOnly)

	if c.Now.Before(declared.Until.AddDate(0, 0, 1)) {
		finding.Result = Exception
		finding.Reason = declared.Reason + " (until " + until + "); " + finding.Reason
	} else {
		finding.Reason = "the exception ended on " + until + "; " + finding.Reason
	}
}

// subject returns the resource without which a control does not apply.
func subject(id string) string {
	subjects := map[string]string{
		"N": "VPC", "N3": "subnet", "N5": "security group", "N6": "security group",
		"K": "cluster", "K6": "Pod Identity association",
		"W": "node group", "W4": "cluster",
		"W7": "EC2NodeClass", "W8": "NodePool", "W9": "role of pods that launches instances", "W10": "queue",
		"D": "database", "D9": "cache", "O": "database",
		"L": "load balancer", "L2": "listener", "C": "application",
		"A1": "policy", "A2": "role for workflows", "A3": "key", "A4": "image repository", "A5": "bucket", "A6": "workflow",
	}

	return cmp.Or(subjects[id], subjects[id[:1]])
}

// is returns a requirement to be one of the values. A property that is not set is nil.
func is(values ...any) func(any) bool {
	return func(value any) bool { return slices.Contains(values, value) }
}

// atLeast returns a requirement to be a number that is not smaller.
func atLeast(least float64) func(any) bool {
	return func(value any) bool {
		number, _ := value.(float64)

		return number >= least
	}
}

// includes returns a requirement to be a list that contains the element.
func includes(element any) func(any) bool {
	return func(value any) bool {
		elements, _ := value.([]any)

		return slices.Contains(elements, element)
	}
}

// blank reports whether a value is nil, an empty string or an empty list.
func blank(value any) bool {
	elements, isList := value.([]any)

	return value == nil || value == "" || isList && len(elements) == 0
}

// ownKey reports whether a value is the ARN of a KMS key of the stack.
func (c *check) ownKey(value any) bool {
	arn, _ := value.(string)
	_, ok := byARN(c.all(typeKey), arn)

	return ok
}

const notOwnKey = "expected a KMS key of the stack"

// redundant reports whether a value is true, which only highly available environments need.
func (c *check) redundant(value any) bool { return value == true || !c.HighlyAvailable }

// retention requires that log groups have a retention period.
func (c *check) retention(groups ...state.Resource) {
	for _, group := range groups {
		c.require(group, requirements{{"retentionInDays", atLeast(1), "logs are kept forever; expected a number of days"}})
	}
}
