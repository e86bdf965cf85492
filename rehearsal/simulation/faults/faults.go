// Package faults reads the faults of a rehearsal: FAULTS="fail create aws:ec2/natGateway:NatGateway; hang create
// aws:kms/key:Key; lack create aws:rds/instance:Instance multiAz".
package faults

import (
	"slices"
	"strings"
	"sync"
)

// Kind is the effect of a fault.
type Kind string

// The kinds of faults.
const (
	// Fail makes the call fail as AWS would. The account is unchanged.
	Fail Kind = "fail"
	// Hang makes the call take effect without an answer, for a run that is killed during a create.
	Hang Kind = "hang"
	// Lack makes the call succeed but leaves a boolean property false in the account, as AWS does silently where it has
	// no capacity. A refresh finds it.
	Lack Kind = "lack"
	// Break makes a create fail after the account has accepted it. The resource is in the account and does not work.
	Break Kind = "break"
)

// Operation is the call that a fault affects.
type Operation string

// The operations of a resource.
const (
	Create Operation = "create"
	Update Operation = "update"
	Delete Operation = "delete"
)

// Fault affects the first call that it matches, once.
type Fault struct {
	Kind      Kind
	Operation Operation
	Type      string // a resource type's token
	Property  string // of Lack
}

// String is the fault in the notation of FAULTS.
func (f Fault) String() string {
	words := []string{string(f.Kind), string(f.Operation), f.Type, f.Property}

	return strings.TrimSpace(strings.Join(words, " "))
}

// Armed is a list of faults of which some have fired.
type Armed struct {
	mu   sync.Mutex
	left []Fault
}

// Arm makes faults ready to fire.
func Arm(faults []Fault) *Armed { return &Armed{left: slices.Clone(faults)} }

// Take returns the first remaining fault that matches the call, and disarms it. Previews must not call it.
func (a *Armed) Take(operation Operation, token string) (Fault, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()

	for i, fault := range a.left {
		if fault.Operation == operation && fault.Type == token {
			a.left = slices.Delete(a.left, i, i+1)

			return fault, true
		}
	}

	return Fault{}, false
}
