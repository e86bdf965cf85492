package controls

import (
	"cmp"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// verdict collects what a control finds.
type verdict struct {
	passed, failed, excepted []Evidence
	reasons, claims          []string
	// nothing is why there is nothing that the control could hold for, where it is not that the state lacks its subject.
	nothing string
}

// hold records whether a property is as it must be, and why not.
func (v *verdict) hold(r state.Resource, property string, holds bool, reason string) {
	evidence := Evidence{URN: r.URN, Property: property}

	if holds {
		v.passed = append(v.passed, evidence)

		return
	}

	v.failed = append(v.failed, evidence)
	v.reasons = append(v.reasons, r.URN.Name()+": "+reason)
}

// except records a property that is not as it must be, where the environment says that it need not.
func (v *verdict) except(r state.Resource, property, claim string) {
	v.excepted = append(v.excepted, Evidence{URN: r.URN, Property: property})
	v.claims = append(v.claims, r.URN.Name()+": "+claim)
}

// holdRetention holds log groups to a set time.
func (v *verdict) holdRetention(groups []state.Resource) {
	for _, group := range groups {
		days, _ := input(group, "retentionInDays").(float64)
		v.hold(group, "retentionInDays", days > 0, "it keeps logs for ever")
	}
}

// finding sums up. One failure fails, one exception is one; nothing found is not a pass.
func (v *verdict) finding(c control) Finding {
	finding := Finding{
		ID: c.id, Title: c.title, Source: c.source,
		Result: Pass, Evidence: v.passed, Reason: strings.Join(v.reasons, "; "),
	}

	switch {
	case len(v.failed) > 0:
		finding.Result, finding.Evidence = Fail, v.failed
	case len(v.excepted) > 0:
		finding.Result, finding.Evidence, finding.Reason = Exception, v.excepted, strings.Join(v.claims, "; ")
	case len(v.passed) == 0:
		finding.Result, finding.Reason = NotApplicable, cmp.Or(v.nothing, "the state has no "+about(c.id))
	}

	return finding
}

// about is what a control is about: without any it does not apply.
func about(id string) string {
	subjects := map[string]string{
		"N": "VPC", "N3": "subnet", "N5": "security group", "N6": "security group",
		"K": "cluster", "K6": "Pod Identity association",
		"W": "node group", "W4": "cluster",
		"D": "database", "D9": "cache",
		"L": "load balancer", "L2": "listener",
		"A1": "policy", "A2": "role for workflows", "A3": "key", "A4": "registry of images", "A5": "bucket",
	}

	return cmp.Or(subjects[id], subjects[id[:1]])
}
