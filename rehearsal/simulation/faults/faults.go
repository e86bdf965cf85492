// Package faults reads what is to go wrong in a rehearsal: FAULTS="fail create
// aws:ec2/natGateway:NatGateway; hang create aws:kms/key:Key; lack create
// aws:rds/instance:Instance multiAz".
package faults

import (
	"strings"
	"sync"
)

// Kind says what goes wrong.
type Kind string

// The kinds of faults.
const (
	// Fail makes the call fail as AWS would, without an effect in the account.
	Fail Kind = "fail"
	// Hang lets the call take effect, but its answer never comes: for a run that
	// is killed in mid-create.
	Hang Kind = "hang"
	// Lack answers the call as it was asked for, and leaves a boolean property false in
	// the account: AWS that says nothing of the capacity it lacks. A refresh finds it.
	Lack Kind = "lack"
)

// Operation is the call that goes wrong.
type Operation string

// The operations of a resource.
const (
	Create Operation = "create"
	Update Operation = "update"
	Delete Operation = "delete"
)

// Fault is one thing to go wrong, once, at the first call it fits.
type Fault struct {
	Kind      Kind
	Operation Operation
	Type      string // a resource type's token
	Property  string // what is lacking; of other kinds empty
}

// String is the fault as it is written in FAULTS.
func (f Fault) String() string {
	words := []string{string(f.Kind), string(f.Operation), f.Type, f.Property}

	return strings.TrimSpace(strings.Join(words, " "))
}

// Plan is a list of faults. The zero value has none.
type Plan struct {
	faults []Fault
}

// Faults returns a copy of the plan's faults in the order they were written.
func (p Plan) Faults() []Fault {
	return append([]Fault(nil), p.faults...)
}

// Arm returns the plan ready to fire: each start of the simulation arms it anew.
func (p Plan) Arm() *Armed {
	return &Armed{left: p.Faults()}
}

// Armed is a plan of which some faults have fired.
type Armed struct {
	mu   sync.Mutex
	left []Fault
}

// Take returns the first fault that fits the call, if there is one left, and
// disarms it. Calls of previews must not come here.
func (a *Armed) Take(operation Operation, token string) (Fault, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()

	for i, fault := range a.left {
		if fault.Operation == operation && fault.Type == token {
			a.left = append(a.left[:i], a.left[i+1:]...)

			return fault, true
		}
	}

	return Fault{}, false
}
